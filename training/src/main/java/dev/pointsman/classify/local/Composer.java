package dev.pointsman.classify.local;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Puts instructions and materials together at random, so that what is learnt is to look at the
 * instruction: the same material stands under every category.
 */
final class Composer {

    private static final double OWN_KIND = 0.75;

    private static final List<String> LABELS =
            List.of(
                    "Text",
                    "Input",
                    "Content",
                    "Document",
                    "Message",
                    "Item",
                    "Data",
                    "Q",
                    "Material");

    private record Instruction(String category, String kind, String text) {}

    private record Material(String kind, String text) {}

    private final List<Instruction> instructions = new ArrayList<>();
    private final List<Material> materials = new ArrayList<>();

    Composer(Path instructionFile, Path materialFile) throws IOException {
        for (JsonNode json : Prompts.lines(instructionFile)) {
            instructions.add(
                    new Instruction(
                            json.path("category").asText(),
                            json.path("kind").asText(),
                            json.path("text").asText()));
        }
        for (JsonNode json : Prompts.lines(materialFile)) {
            materials.add(new Material(json.path("kind").asText(), json.path("text").asText()));
        }
    }

    /** Each instruction with so many materials, mostly of its own kind. */
    List<Labelled> prompts(int each, String group, Random random) {
        List<Labelled> rows = new ArrayList<>();
        for (Instruction instruction : instructions) {
            List<Material> fitting =
                    materials.stream()
                            .filter(material -> material.kind().equals(instruction.kind()))
                            .toList();
            for (int i = 0; i < each; i++) {
                List<Material> among = random.nextDouble() < OWN_KIND ? fitting : materials;
                String material = among.get(random.nextInt(among.size())).text();
                rows.add(
                        new Labelled(
                                laidOut(instruction.text(), material, random),
                                instruction.category(),
                                group));
            }
        }
        return rows;
    }

    private static String laidOut(String instruction, String material, Random random) {
        String label = LABELS.get(random.nextInt(LABELS.size()));
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> instruction + "\n\n" + material;
            case 3, 4, 5 -> material + "\n\n" + instruction;
            case 6 -> instruction + "\n" + material;
            case 7 -> material + "\n" + instruction;
            case 8 -> instruction + " " + material;
            case 9 -> label + ": " + material + "\n\n" + instruction;
            case 10 -> instruction + "\n\n" + label + ":\n" + material;
            case 11 -> instruction + "\n```\n" + material + "\n```";
            case 12 -> {
                String tag = label.toLowerCase(Locale.ROOT);
                yield "<" + tag + ">\n" + material + "\n</" + tag + ">\n" + instruction;
            }
            default -> "### Instruction\n" + instruction + "\n\n### " + label + "\n" + material;
        };
    }
}

package dev.pointsman.classify.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The prompts that the built-in model learns from, as files have them. */
final class Prompts {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String BANK = "bank-";

    private Prompts() {}

    /** Lines of {@code text}, {@code category} and {@code source}. */
    static List<Labelled> bySource(Path file) throws IOException {
        List<Labelled> prompts = new ArrayList<>();
        for (JsonNode line : lines(file)) {
            prompts.add(
                    new Labelled(
                            line.path("text").asText(),
                            line.path("category").asText(),
                            line.path("source").asText()));
        }
        return prompts;
    }

    /**
     * The prompts written for Pointsman: every file of a folder that is no bank; the file is the
     * group.
     */
    static List<Labelled> own(Path folder) throws IOException {
        List<Labelled> prompts = new ArrayList<>();
        for (Path file : files(folder)) {
            String name = file.getFileName().toString();
            if (name.startsWith(BANK)) {
                continue;
            }
            for (JsonNode line : lines(file)) {
                prompts.add(
                        new Labelled(
                                line.path("text").asText(), line.path("category").asText(), name));
            }
        }
        return prompts;
    }

    /** The texts of the banks, for word vectors. */
    static List<String> banks(Path folder) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Path file : files(folder)) {
            if (file.getFileName().toString().startsWith(BANK)) {
                lines(file).forEach(line -> texts.add(line.path("text").asText()));
            }
        }
        return texts;
    }

    static Path bank(Path folder, String name) {
        return folder.resolve(BANK + name + ".jsonl");
    }

    /** Which sources are left out together, by the source. */
    static Map<String, Integer> folds(Path file) throws IOException {
        Map<String, Integer> folds = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.startsWith("#")) {
                String[] parts = line.split("\t");
                folds.put(parts[0], Integer.valueOf(parts[1]));
            }
        }
        return folds;
    }

    static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(MAPPER.readTree(line));
        }
        return lines;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
        }
    }
}

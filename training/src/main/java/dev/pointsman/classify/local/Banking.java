package dev.pointsman.classify.local;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** banking77, as a test of categories that are known by examples. */
record Banking(List<JsonNode> rows) {

    static final String FILE = "fewshot_banking77.jsonl";

    static Banking read(Path file) throws IOException {
        return new Banking(Prompts.lines(file));
    }

    /** Every text but those of the test. */
    List<String> learnable() {
        return rows.stream()
                .filter(row -> !split(row).equals("test"))
                .map(row -> row.path("text").asText(row.path("description").asText()))
                .toList();
    }

    List<Labelled> test() {
        return rows.stream()
                .filter(row -> split(row).equals("test"))
                .map(row ->
                        new Labelled(
                                row.path("text").asText(), row.path("label").asText(), "banking77"))
                .toList();
    }

    /** Each category's description and its first examples by that seed. */
    Map<String, List<String>> examples(int seed, int shots) {
        Map<String, List<String>> examples = new LinkedHashMap<>();
        for (JsonNode row : rows) {
            boolean description = split(row).equals("category");
            boolean shot =
                    split(row).equals("train")
                            && row.path("seed").asInt() == seed
                            && row.path("rank").asInt() < shots;
            if (description || shot) {
                examples.computeIfAbsent(row.path("label").asText(), label -> new ArrayList<>())
                        .add(row.path("text").asText(row.path("description").asText()));
            }
        }
        return examples;
    }

    private static String split(JsonNode row) {
        return row.path("split").asText();
    }
}

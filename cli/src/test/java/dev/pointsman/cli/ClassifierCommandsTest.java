package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** {@code classify}, {@code eval} and {@code train}, as a user types them. */
class ClassifierCommandsTest {

    private static final String LABELS = "../examples/labels.jsonl";

    @TempDir private Path folder;

    @Test
    void classify_ofAText_saysCategoryConfidenceAndSource() {
        assertThat(Shell.run("classify", "translate", "to", "french:", "good", "morning").out())
                .matches("triage  [01]\\.\\d\\d  local\\R");
        JsonNode json = Shell.run("classify", "--json", "Write a poem about the sea").json();
        assertThat(json.path("category").asText()).isEqualTo("generation");
        assertThat(json.path("confidence").asDouble()).isBetween(0.6, 1.0);
        assertThat(json.path("unsure").asBoolean()).isFalse();
    }

    @Test
    void classify_ofNothingOrOfBoth_saysWhatToSay() {
        for (Shell.Result result :
                List.of(Shell.run("classify"), Shell.run("classify", "--jsonl", "x", "text"))) {
            assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(result.err()).contains("--jsonl FILE");
        }
        assertThat(Shell.run("classify", "--jsonl", "missing.jsonl").err())
                .contains("there is no file missing.jsonl");
    }

    @Test
    void classify_ofManyLines_answersInTheirOrderAndNamesTheBadOnes() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            lines.add("{\"id\": " + i + ", \"text\": \"what is the plural of word" + i + "\"}");
        }
        lines.set(700, "{\"id\": 700}");
        lines.set(701, "{\"id\": 701, \"text\": \"  \"}");
        lines.set(702, "not json");
        lines.set(703, "");
        lines.set(704, "{\"text\": \"no id\"}");
        Path file = Files.write(folder.resolve("in.jsonl"), lines);

        Shell.Result result = Shell.run("classify", "--jsonl", file.toString());

        List<String> answers = result.out().lines().toList();
        assertThat(answers).hasSize(1_995);
        assertThat(answers)
                .extracting(line -> Shell.parse(line).path("id").asInt())
                .isSorted()
                .doesNotContain(700, 701, 702, 703, 704);
        assertThat(answers.getFirst())
                .matches(
                        "\\{\"id\":0,\"category\":\"triage\",\"confidence\":[0-9.]+,\"source\":\"local\"}");
        assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(result.err().lines())
                .hasSize(4)
                .allMatch(line -> line.startsWith("pointsman: line 70"));
    }

    @Test
    void classify_underAPolicyWithExamples_knowsItsOwnCategories() throws IOException {
        Path policy =
                Files.writeString(
                        folder.resolve("own.yaml"),
                        """
                        categories:
                          refunds:
                            description: Customers who want their money back
                            examples:
                              - I want my money back for the broken lamp
                              - when will my refund arrive
                              - please refund order 4711, it never came
                            models: [haiku]
                          triage: { description: Small things, models: [haiku] }
                          generation: { description: Writing, models: [sonnet] }
                        """);
        String own = policy.toString();

        assertThat(classified(own, "can i get a refund for my order")).isEqualTo("refunds");
        assertThat(classified(own, "what is the capital of mongolia")).isEqualTo("triage");
        assertThat(classified(own, "Write a haiku about railway points")).isEqualTo("generation");
        assertThat(Shell.run("explain", "--policy", own, "can i get a refund for my order").out())
                .contains("nearest example, of refunds");
    }

    @Test
    void eval_ofLabels_printsTheFiguresOfTheField() {
        Shell.Result result = Shell.run("eval", "--data", LABELS);

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("macro-F1", "calibration", "typing errors", "coverage", "precision");
        JsonNode json = Shell.run("eval", "--data", LABELS, "--json").json();
        assertThat(json.path("texts").asInt()).isGreaterThan(50);
        assertThat(json.path("categories").path("billing").path("recall").isNumber()).isTrue();
        assertThat(json.path("coverage")).hasSize(5);
    }

    @Test
    void eval_ofABadLine_namesItAndPrintsNothing() throws IOException {
        Path data =
                Files.writeString(
                        folder.resolve("d.jsonl"),
                        "{\"text\": \"a\", \"category\": \"triage\"}\n{\"text\": \"b\"}\n");

        Shell.Result result = Shell.run("eval", "--data", data.toString());

        assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("line 2").contains("\"category\" must be a text");
    }

    @Test
    void train_onLabelsOfOnesOwn_writesAModelThatAPolicyUses() throws IOException {
        Path model = folder.resolve("support.model");

        Shell.Result result = Shell.run("train", "--data", LABELS, "--out", model.toString());

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("is written").contains("classify: { local: { model:");
        Path policy =
                Files.writeString(
                        folder.resolve("p.yaml"),
                        """
                        categories:
                          billing: { models: [haiku] }
                          technical: { models: [opus] }
                          shipping: { models: [haiku] }
                        default-category: billing
                        classify: { local: { model: support.model } }
                        """);
        assertThat(classified(policy.toString(), "the parcel has not arrived, tracking says lost"))
                .isEqualTo("shipping");
    }

    @Test
    void train_onNoise_refusesAndWritesNothing() throws IOException {
        Random random = new Random(3);
        List<String> categories = List.of("triage", "generation", "reasoning");
        StringBuilder noise = new StringBuilder();
        for (int i = 0; i < 90; i++) {
            noise.append("{\"text\": \"word")
                    .append(random.nextInt(1_000_000))
                    .append(" thing\", \"category\": \"")
                    .append(categories.get(i % 3))
                    .append("\"}\n");
        }
        Path data = Files.writeString(folder.resolve("noise.jsonl"), noise, StandardCharsets.UTF_8);
        Path model = folder.resolve("noise.model");

        Shell.Result result =
                Shell.run("train", "--data", data.toString(), "--out", model.toString());

        assertThat(result.code()).isEqualTo(ExitCode.NO_ANSWER);
        assertThat(result.out()).contains("Not better beyond noise");
        assertThat(model).doesNotExist();
    }

    @Test
    void classify_underAPolicyWhoseModelIsNone_saysSoInALine() throws IOException {
        Files.writeString(folder.resolve("garbage.model"), "garbage");
        Path policy =
                Files.writeString(
                        folder.resolve("p.yaml"),
                        "classify: { local: { model: garbage.model } }\n");

        Shell.Result result = Shell.run("classify", "--policy", policy.toString(), "hello");

        assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(result.err().lines()).singleElement().asString().contains("garbage.model");
    }

    private static String classified(String policy, String text) {
        return Shell.run("classify", "--json", "--policy", policy, text)
                .json()
                .path("category")
                .asText();
    }
}

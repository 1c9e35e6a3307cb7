package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Reports of the example tasks against a sheet that was not computed by Pointsman. */
class ReportSheetTest {

    private static final Path TASKS = Path.of("..", "examples", "tasks.jsonl");

    @TempDir private static Path folder;

    private static Shell shell = new Shell(Path.of("none"));

    /** Practice answers; every other task is asked by another caller. */
    @BeforeAll
    static void runTheTasks() throws IOException {
        shell = new Shell(folder.resolve("ledger.db"));
        List<String> tasks = Files.readAllLines(TASKS);
        for (String caller : List.of("batch.Odd", "batch.Even")) {
            int first = caller.equals("batch.Odd") ? 0 : 1;
            List<String> asked =
                    IntStream.range(0, tasks.size())
                            .filter(i -> i % 2 == first)
                            .mapToObj(tasks::get)
                            .toList();
            Path in = Files.write(folder.resolve(caller + ".jsonl"), asked);
            Files.createDirectories(folder.resolve("images"));
            copyImages();
            Shell.Result result =
                    shell.withLedger(
                            "pipe",
                            in.toString(),
                            "--out",
                            out(caller).toString(),
                            "--caller",
                            caller);
            assertThat(result.code()).as(result.err()).isZero();
        }
    }

    private static void copyImages() throws IOException {
        try (var images = Files.list(TASKS.resolveSibling("images"))) {
            for (Path image : images.toList()) {
                Path copy = folder.resolve("images").resolve(image.getFileName().toString());
                if (Files.notExists(copy)) {
                    Files.copy(image, copy);
                }
            }
        }
    }

    private static Path out(String caller) {
        return folder.resolve(caller + ".out.jsonl");
    }

    @Test
    void eachTask_costsWhatTheSheetSays() throws IOException {
        Map<String, JsonNode> answers = new HashMap<>();
        for (String caller : List.of("batch.Odd", "batch.Even")) {
            Shell.lines(out(caller)).forEach(line -> answers.put(line.path("id").asText(), line));
        }
        List<Map<String, String>> sheet = sheet("tasks.csv");

        assertThat(sheet).hasSize(120).hasSameSizeAs(answers.keySet());
        for (Map<String, String> task : sheet) {
            JsonNode answer = answers.get(task.get("id"));
            assertThat(figuresOf(Objects.requireNonNull(answer)))
                    .as(task.get("id"))
                    .isEqualTo(
                            List.of(
                                    text(task, "category"),
                                    text(task, "model"),
                                    text(task, "input"),
                                    text(task, "output"),
                                    text(task, "cost_nanos"),
                                    text(task, "baseline_nanos")));
        }
    }

    private static List<String> figuresOf(JsonNode answer) {
        return List.of(
                answer.path("category").asText(),
                answer.path("model").asText(),
                answer.path("usage").path("input").asText(),
                answer.path("usage").path("output").asText(),
                nanos(answer.path("total_cost")),
                nanos(answer.path("baseline").path("cost")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"category", "model", "caller", "key", "tag"})
    void report_byAnything_saysWhatTheSheetAddsUpTo(String by) {
        JsonNode report = shell.withLedger("report", "--json", "--by", by).json();
        Map<String, List<String>> said = new TreeMap<>();
        report.path("rows").forEach(row -> said.put(row.path("key").asText(), figures(row)));

        assertThat(said).isEqualTo(sums(by));
        assertThat(figures(report.path("total"))).isEqualTo(sums("total").get("total"));
    }

    /** The tasks may have been run about midnight. */
    @Test
    void report_byDay_comesToTheTotal() {
        JsonNode rows = shell.withLedger("report", "--json", "--by", "day").json().path("rows");
        long[] sums = new long[5];
        rows.forEach(row -> {
            List<String> figures = figures(row);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += Long.parseLong(figures.get(i));
            }
        });

        assertThat(rows.size()).isBetween(1, 2);
        assertThat(IntStream.range(0, sums.length).mapToObj(i -> "" + sums[i]).toList())
                .isEqualTo(sums("total").get("total"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"category", "model", "caller", "key", "day", "tag", "tag:team"})
    void reportAsATable_fitsATerminal_unlessItIsToBeWide(String by) {
        Shell.Result fitting = shell.withLedger("report", "--by", by);
        Shell.Result wide = shell.withLedger("report", "--by", by, "--wide");

        assertThat(fitting.out().lines()).allMatch(line -> line.length() <= 120);
        assertThat(fitting.out()).startsWith(by).contains("$1.6685", "saved", "total p50/p95");
        assertThat(fitting.err()).contains("left out to fit: share, ", "; --wide shows them");
        assertThat(wide.out()).contains("share", "of it classifying", "first p50/p95");
        assertThat(wide.err()).doesNotContain("left out to fit");
    }

    @Test
    void report_ofNothing_saysWhy() {
        assertThat(shell.withLedger("report", "--by", "tag:taem").err())
                .contains("none of these requests has the tag taem");
        assertThat(shell.withLedger("report", "--until", "2026-01-01").err())
                .contains("no requests in that time");
        assertThat(shell.withLedger("report", "--real").err())
                .contains("no requests, those of practice left out");
    }

    @Test
    void reportAsCsv_saysTheSame() {
        List<String> lines =
                shell.withLedger("report", "--csv", "--by", "model").out().lines().toList();
        Map<String, List<String>> said = new TreeMap<>();
        for (Map<String, String> row : rows(lines)) {
            said.put(
                    text(row, "model"),
                    List.of(
                            text(row, "requests"),
                            text(row, "input"),
                            text(row, "output"),
                            nanos(new BigDecimal(text(row, "cost"))),
                            nanos(new BigDecimal(text(row, "saved")))));
        }

        assertThat(said).isEqualTo(sums("model"));
    }

    @Test
    void repricing_atThePricesThatHeld_changesNothing() {
        JsonNode repriced = shell.withLedger("reprice", "--since", "1d", "--json").json();

        assertThat(repriced.path("requests").asInt()).isEqualTo(120);
        assertThat(repriced.path("changed").asInt()).isZero();
        assertThat(nanos(repriced.path("total").path("after")))
                .isEqualTo(Objects.requireNonNull(sums("total").get("total")).get(3));
    }

    private static List<String> figures(JsonNode row) {
        return List.of(
                row.path("requests").asText(),
                row.path("tokens").path("input").asText(),
                row.path("tokens").path("output").asText(),
                nanos(row.path("cost")),
                nanos(row.path("saved")));
    }

    private static String nanos(JsonNode usd) {
        return nanos(usd.decimalValue());
    }

    private static String nanos(BigDecimal usd) {
        return usd.movePointRight(9).toBigIntegerExact().toString();
    }

    private static Map<String, List<String>> sums(String by) {
        Map<String, List<String>> sums = new TreeMap<>();
        for (Map<String, String> row : sheet("sums.csv")) {
            if (text(row, "by").equals(by)) {
                sums.put(
                        text(row, "key"),
                        List.of(
                                text(row, "requests"),
                                text(row, "input"),
                                text(row, "output"),
                                text(row, "cost_nanos"),
                                text(row, "saved_nanos")));
            }
        }
        return sums;
    }

    private static String text(Map<String, String> row, String column) {
        return Objects.requireNonNull(row.get(column), column);
    }

    private static List<Map<String, String>> sheet(String name) {
        try (InputStream in =
                Objects.requireNonNull(
                        ReportSheetTest.class.getResourceAsStream("/sheet/" + name))) {
            return rows(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By the names in the first line. */
    private static List<Map<String, String>> rows(List<String> lines) {
        String[] names = lines.getFirst().split(",");
        List<Map<String, String>> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] values = line.split(",", -1);
            Map<String, String> row = new HashMap<>();
            for (int i = 0; i < names.length; i++) {
                row.put(names[i], values[i]);
            }
            rows.add(row);
        }
        return rows;
    }
}

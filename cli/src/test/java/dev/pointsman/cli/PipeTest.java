package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.Fork;
import dev.pointsman.testing.Reaction;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class PipeTest {

    private static final Path EXAMPLES = Path.of("../examples/tasks.jsonl");

    @TempDir private Path folder;
    private Path out = Path.of("");
    private Path ledger = Path.of("");
    private Shell shell = new Shell(Path.of(""));

    @BeforeEach
    void open() {
        out = folder.resolve("out.jsonl");
        ledger = folder.resolve("ledger.db");
        shell = new Shell(ledger);
    }

    @Test
    void examples_routed_agreeWithTheReportToTheNanoDollar() throws IOException {
        Shell.Result result = pipe(EXAMPLES, "--json");
        List<JsonNode> answers = Shell.lines(out);
        JsonNode report = shell.withLedger("report", "--json").json().path("total");

        assertThat(result.code()).isZero();
        assertThat(answers).hasSize(120);
        assertThat(ids(answers)).doesNotHaveDuplicates();
        assertThat(report.path("requests").asInt()).isEqualTo(120);
        assertThat(report.path("cost").decimalValue())
                .isEqualByComparingTo(result.json().path("cost").decimalValue())
                .isEqualByComparingTo(sum(answers));
        assertThat(report.path("saved").decimalValue())
                .isEqualByComparingTo(result.json().path("saved").decimalValue());
    }

    @Test
    void examples_summary_isATableForPeople() {
        Shell.Result result = pipe(EXAMPLES);
        assertThat(result.out())
                .contains("category")
                .contains("total")
                .contains("120")
                .contains("saved: against");
        assertThat(result.err()).contains("practice:");
    }

    @Test
    void badLines_ofEveryKind_goAsideWithNumberAndReason() throws IOException {
        Path in =
                write(
                        "{\"id\":\"a\",\"prompt\":\"Summarize: x\"}",
                        "{\"id\":\"b\",\"prompt\":",
                        "[1]",
                        "{\"prompt\":\"no id\"}",
                        "",
                        "{\"id\":\"c\"}",
                        "{\"id\":\"d\",\"prompt\":\"x\",\"category\":\"triag\"}",
                        "{\"id\":\"e\",\"prompt\":\"x\",\"images\":[\"nowhere.png\"]}",
                        "{\"id\":\"f\",\"prompt\":\"x\",\"max_tokens\":-1}",
                        "{\"id\":\"g\",\"prompt\":\"x\",\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]}",
                        "{\"id\":7,\"prompt\":\"Write"
                            + " x\",\"tags\":{\"job\":\"n\"},\"system\":\"s\",\"max_tokens\":5}");
        Shell.Result result = pipe(in);
        List<JsonNode> bad = Shell.lines(folder.resolve("out.errors.jsonl"));

        assertThat(result.code()).isZero();
        assertThat(ids(Shell.lines(out))).containsExactlyInAnyOrder("a", "7");
        assertThat(bad)
                .extracting(line -> line.path("line").asInt())
                .containsExactlyInAnyOrder(2, 3, 4, 6, 7, 8, 9, 10);
        assertThat(bad).allSatisfy(line -> assertThat(line.path("reason").asText()).isNotEmpty());
        assertThat(bad.toString()).contains("did you mean \\\"triage\\\"?").contains("nowhere.png");
        assertThat(result.err()).contains("8 lines are no tasks");
    }

    @Test
    void line_thatIsNotUtf8_spoilsNoOther() throws IOException {
        Path in = folder.resolve("in.jsonl");
        byte[] bad = "{\"id\":\"b\",\"prompt\":\"\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(in, bad);
        Files.writeString(
                in, "{\"id\":\"a\",\"prompt\":\"gr\u00fcezi\"}", StandardOpenOption.APPEND);
        pipe(in);

        assertThat(ids(Shell.lines(out))).containsExactly("a");
        assertThat(Shell.lines(folder.resolve("out.errors.jsonl"))).hasSize(1);
    }

    @Test
    void output_thatIsThere_isNeverLost() throws IOException {
        Path in = tasks(3);
        pipe(in);
        byte[] before = Files.readAllBytes(out);

        Shell.Result again = pipe(in);
        assertThat(again.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(again.err()).contains("--resume").contains("--overwrite");
        assertThat(Files.readAllBytes(out)).isEqualTo(before);

        Shell.Result resumed = pipe(in, "--resume");
        assertThat(resumed.err()).contains("3 tasks had an answer");
        assertThat(Files.readAllBytes(out)).isEqualTo(before);

        assertThat(pipe(in, "--overwrite").code()).isZero();
        assertThat(Shell.lines(out)).hasSize(3);
    }

    @Test
    void resume_afterATornLine_runsOnlyWhatIsMissing() throws IOException {
        Path in = tasks(10);
        pipe(in);
        List<String> lines = Files.readAllLines(out);
        Files.writeString(
                out, String.join("\n", lines.subList(0, 6)) + "\n" + lines.get(6).substring(0, 40));

        assertThat(pipe(in, "--resume").code()).isZero();
        assertThat(ids(Shell.lines(out))).hasSize(10).doesNotHaveDuplicates();
        assertThat(Files.readAllLines(out).subList(0, 6)).isEqualTo(lines.subList(0, 6));
    }

    @Test
    void resume_withAnotherInput_isRefused() throws IOException {
        pipe(tasks(3));
        byte[] before = Files.readAllBytes(out);
        Path other =
                write("{\"id\":\"other\",\"prompt\":\"x\"}", "{\"id\":\"one\",\"prompt\":\"x\"}");

        Shell.Result result = pipe(other, "--resume");
        assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(result.err()).contains("another input");
        assertThat(Files.readAllBytes(out)).isEqualTo(before);
    }

    @Test
    void tasks_thatFail_areLinesWithAnErrorAndCanBeRetried() throws IOException {
        try (FakeProvider provider = FakeProvider.start()) {
            provider.script("claude-haiku-4-5", Reaction.fails(400), Reaction.answers("done"));
            Path in = tasks(4);
            Path policy = policy(provider);

            Shell.Result result = pipe(in, "--policy", policy.toString(), "--parallel", "1");
            assertThat(result.code()).isEqualTo(ExitCode.NO_ANSWER);
            assertThat(Shell.lines(out))
                    .filteredOn(line -> line.has("error"))
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.path("id").asText()).isEqualTo("t1");
                        assertThat(line.at("/error/kind").asText()).isEqualTo("bad_request");
                    });

            assertThat(pipe(in, "--policy", policy.toString(), "--resume").code()).isZero();
            Shell.Result retried =
                    pipe(in, "--policy", policy.toString(), "--resume", "--retry-failed");
            assertThat(retried.code()).isZero();
            assertThat(Shell.lines(out)).hasSize(4).noneMatch(line -> line.has("error"));
        }
    }

    @Test
    void dryRun_decidesAllAndWritesNoLedger() throws IOException {
        Shell.Result result =
                Shell.run(
                        "pipe",
                        EXAMPLES.toString(),
                        "--out",
                        out.toString(),
                        "--dry-run",
                        "--json");
        List<JsonNode> lines = Shell.lines(out);

        assertThat(lines)
                .hasSize(120)
                .allSatisfy(line -> assertThat(line.path("dry_run").asBoolean()).isTrue());
        assertThat(result.json().path("cost").decimalValue())
                .isEqualByComparingTo(
                        lines.stream()
                                .map(line -> line.path("expected_cost").decimalValue())
                                .reduce(BigDecimal.ZERO, BigDecimal::add));
        assertThat(ledger).doesNotExist();
    }

    @Test
    void parallel_calls_areAsManyAsAllowed() throws IOException {
        int parallel = 20;
        CyclicBarrier together = new CyclicBarrier(parallel);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (FakeProvider provider = FakeProvider.start()) {
            provider.script(
                    "claude-haiku-4-5",
                    Reaction.answersWith(request -> {
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        await(together);
                        now.decrementAndGet();
                        return "x";
                    }));
            Shell.Result result =
                    pipe(
                            tasks(2 * parallel),
                            "--policy",
                            policy(provider).toString(),
                            "--parallel",
                            String.valueOf(parallel));

            assertThat(result.code()).isZero();
            assertThat(most).hasValue(parallel);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("Fewer calls at once than allowed", e);
        }
    }

    /** Once, a task that came back just before its turn was over left the next one waiting. */
    @Test
    void tasks_oneAtATime_allComeBack() throws IOException {
        Shell.Result result = pipe(tasks(3_000), "--parallel", "1");

        assertThat(result.code()).isZero();
        assertThat(Files.readAllLines(out)).hasSize(3_000);
    }

    @Test
    void killed_inTheMiddleAndResumed_losesNothingAndTheBooksAgree() throws Exception {
        int count = 400;
        Path in = tasks(count);
        try (FakeProvider provider = FakeProvider.start()) {
            provider.script(
                    "claude-haiku-4-5",
                    Reaction.answers("x").tokens(13, 7, 0, 0).after(Duration.ofMillis(20)));
            Path policy = policy(provider);
            Process process = fork(in, policy);
            while (process.isAlive()
                    && (!Files.exists(out) || Files.readAllLines(out).size() < count / 4)) {
                Thread.sleep(5);
            }
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            int calledBefore = provider.requests().size();
            assertThat(Files.readAllLines(out).size()).isLessThan(count);

            assertThat(pipe(in, "--resume", "--policy", policy.toString()).code()).isZero();

            List<JsonNode> answers = Shell.lines(out);
            assertThat(ids(answers)).hasSize(count).doesNotHaveDuplicates();
            int runTwice = provider.requests().size() - count;
            assertThat(runTwice)
                    .as("only what was in flight, after %d calls", calledBefore)
                    .isBetween(0, 8);
            Map<String, BigDecimal> booked = booked();
            assertThat(answers)
                    .allSatisfy(answer ->
                            assertThat(booked.get(answer.path("decision").asText()))
                                    .isEqualByComparingTo(
                                            answer.path("total_cost").decimalValue()));
            assertThat(booked.size()).isBetween(count, count + runTwice);
            JsonNode total = shell.withLedger("report", "--json").json().path("total");
            assertThat(total.path("requests").asInt()).isEqualTo(booked.size());
            assertThat(total.path("cost").decimalValue())
                    .isEqualByComparingTo(
                            booked.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add));
        }
    }

    @Test
    void standardInput_heldOpen_isAnsweredAsItComesAndInterruptedInGoodOrder() throws Exception {
        try (FakeProvider provider = FakeProvider.start()) {
            Process process = fork(Path.of("-"), policy(provider));
            process.getOutputStream()
                    .write("{\"id\":\"a\",\"prompt\":\"Summarize a\"}\n".getBytes(UTF_8));
            process.getOutputStream().flush();
            while (process.isAlive() && (!Files.exists(out) || Files.size(out) == 0)) {
                Thread.sleep(5);
            }
            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();

            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(ids(Shell.lines(out))).containsExactly("a");
            assertThat(folder.resolve("fork.log"))
                    .content()
                    .contains("triage")
                    .contains("interrupted: --resume goes on");
        }
    }

    private Process fork(Path in, Path policy) throws IOException {
        return Fork.of(
                        List.of(),
                        PointsmanCommand.class,
                        "pipe",
                        in.toString(),
                        "--out",
                        out.toString(),
                        "--policy",
                        policy.toString(),
                        "--ledger",
                        ledger.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("fork.log").toFile())
                .start();
    }

    /** What the ledger holds: the cost of each request, which its attempts must add up to. */
    private Map<String, BigDecimal> booked() throws SQLException {
        Map<String, BigDecimal> booked = new HashMap<>();
        String query =
                "select r.id, r.cost_nanos, (select sum(a.cost_nanos) from attempt a where"
                        + " a.request_id = r.id) from request r";
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + ledger);
                ResultSet rows = connection.createStatement().executeQuery(query)) {
            while (rows.next()) {
                assertThat(rows.getLong(2)).isEqualTo(rows.getLong(3));
                booked.put(rows.getString(1), BigDecimal.valueOf(rows.getLong(2), 9));
            }
        }
        return booked;
    }

    private Shell.Result pipe(Path in, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("pipe", in.toString(), "--out", out.toString()));
        arguments.addAll(List.of(more));
        return shell.withLedger(arguments.toArray(String[]::new));
    }

    private Path tasks(int count) throws IOException {
        return write(
                IntStream.rangeClosed(1, count)
                        .mapToObj(i ->
                                "{\"id\":\"t" + i + "\",\"prompt\":\"Summarize number " + i + "\"}")
                        .toArray(String[]::new));
    }

    private Path write(String... lines) throws IOException {
        return Files.writeString(folder.resolve("in.jsonl"), String.join("\n", lines) + "\n");
    }

    private Path policy(FakeProvider provider) throws IOException {
        return Files.writeString(
                folder.resolve("policy.yaml"),
                "providers:\n  anthropic: { format: anthropic-messages, base-url: \""
                        + provider.url()
                        + "\", api-key: sk-ant-test-key }\n");
    }

    private static List<String> ids(List<JsonNode> lines) {
        Function<JsonNode, String> id = line -> line.path("id").asText();
        return lines.stream().map(id).collect(Collectors.toList());
    }

    private static BigDecimal sum(List<JsonNode> lines) {
        return lines.stream()
                .map(line -> line.path("total_cost").decimalValue())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}

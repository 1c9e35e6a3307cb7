package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.Fork;
import dev.pointsman.testing.Reaction;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Every command but pipe, as a user types it. */
class CommandsTest {

    @TempDir private Path folder;
    private Shell shell = new Shell(Path.of(""));

    @BeforeEach
    void open() {
        shell = new Shell(folder.resolve("ledger.db"));
    }

    @Test
    void route_withoutAnyKey_practisesAndSaysSo() {
        Shell.Result result =
                shell.withLedger("route", "Summarize this error log in one sentence: disk full");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("placeholder").contains("ANTHROPIC_API_KEY");
        assertThat(result.err())
                .contains("triage -> anthropic/claude-haiku-4-5")
                .contains("less")
                .contains("practice:");
    }

    @Test
    void ledgerNone_writesNothingDown_andHasNothingToRead() {
        Shell.Result routed = Shell.run("route", "--ledger", "none", "Summarize: disk full");
        assertThat(routed.code()).isZero();
        assertThat(routed.out()).contains("placeholder");
        assertThat(Path.of("none")).doesNotExist();

        Shell.Result report = Shell.run("report", "--ledger", "none");
        assertThat(report.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(report.err()).contains("--ledger none keeps nothing");
    }

    @Test
    void ledgerExport_writesTheRequests_asJsonLinesAndCsv() throws Exception {
        shell.withLedger("route", "--tag", "job=a,\"b\"", "Summarize: disk full");

        JsonNode json = shell.withLedger("ledger", "export").json();
        assertThat(json.path("category").asText()).isEqualTo("triage");
        assertThat(json.path("tags").path("job").asText()).isEqualTo("a,\"b\"");
        assertThat(json.path("task_hash").asText()).matches("[0-9a-f]{64}");
        List<String> csv =
                shell.withLedger("ledger", "export", "--format", "csv", "--since", "1h")
                        .out()
                        .lines()
                        .toList();
        assertThat(csv).hasSize(2);
        assertThat(csv.getFirst()).startsWith("id,at_ms,practice,task_hash");
        assertThat(csv.getLast()).startsWith(json.path("id").asText() + ",");
    }

    @Test
    void route_json_hasWhatProgramsNeed() {
        JsonNode json = shell.withLedger("route", "--json", "Summarize: disk full").json();

        assertThat(json.path("category").asText()).isEqualTo("triage");
        assertThat(json.path("model").asText()).isEqualTo("anthropic/claude-haiku-4-5");
        assertThat(json.path("content").asText()).isNotEmpty();
        assertThat(json.path("usage").path("estimated").asBoolean()).isTrue();
        assertThat(json.path("cost").path("total").decimalValue())
                .isEqualByComparingTo(
                        json.path("cost")
                                .path("input")
                                .decimalValue()
                                .add(json.path("cost").path("output").decimalValue()));
        assertThat(json.path("decision").path("candidates").size()).isEqualTo(3);
        assertThat(json.path("practice").asBoolean()).isTrue();
    }

    @Test
    void route_withAPolicyOfOnesOwn_callsForReal() throws IOException {
        try (FakeProvider provider = FakeProvider.start()) {
            provider.script(
                    "claude-haiku-4-5", Reaction.answers("The disk is full.").tokens(12, 6, 0, 0));
            Path policy = policy(provider);

            Shell.Result result =
                    shell.withLedger(
                            "route",
                            "--policy",
                            policy.toString(),
                            "--stream",
                            "--category",
                            "triage",
                            "disk full?");
            assertThat(result.code()).isZero();
            assertThat(result.out()).isEqualToIgnoringNewLines("The disk is full.");
            assertThat(result.err())
                    .contains("12 tokens in, 6 out | $0.000042")
                    .doesNotContain("practice");

            provider.script("claude-haiku-4-5", Reaction.fails(401));
            Shell.Result failed =
                    shell.withLedger(
                            "route", "--policy", policy.toString(), "--category", "triage", "x");
            assertThat(failed.code()).isEqualTo(ExitCode.NO_ANSWER);
            assertThat(failed.err()).contains("HTTP 401").doesNotContain("sk-ant-test");

            JsonNode total = shell.withLedger("report", "--json").json().path("total");
            assertThat(total.path("requests").asInt()).isEqualTo(2);
            assertThat(total.path("failed").asInt()).isEqualTo(1);
            assertThat(total.path("cost").decimalValue()).isEqualByComparingTo("0.000042");
        }
    }

    @Test
    void route_ownPolicyWithoutKey_neverPractises() throws IOException {
        Path policy =
                Files.writeString(
                        folder.resolve("p.yaml"), "baseline: anthropic/claude-sonnet-5\n");
        Shell.Result result =
                shell.withLedger("route", "--policy", policy.toString(), "Summarize: x");

        assertThat(result.code()).isEqualTo(ExitCode.NO_ANSWER);
        assertThat(result.err()).contains("set ANTHROPIC_API_KEY").contains("set OPENAI_API_KEY");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void explain_ofATask_showsCandidatesAndTheReason() {
        Shell.Result result =
                Shell.run("explain", "Review this module for race conditions: counter++");

        assertThat(result.out())
                .contains("category    reasoning")
                .contains("decided by  local")
                .contains("for reasoning over")
                .contains("it would be")
                .contains("taken")
                .contains("fallback 1");
        JsonNode json = Shell.run("explain", "--json", "capital of mongolia").json();
        assertThat(json.path("source").asText()).isEqualTo("local");
        assertThat(json.path("category").asText()).isEqualTo("triage");
    }

    @Test
    void explain_underAPolicyWithoutKeys_saysWhyEachModelIsRejected() throws IOException {
        Path policy =
                Files.writeString(
                        folder.resolve("p.yaml"), "baseline: anthropic/claude-sonnet-5\n");
        Shell.Result result = Shell.run("explain", "--policy", policy.toString(), "Review this");

        assertThat(result.code()).isEqualTo(ExitCode.NO_ANSWER);
        assertThat(result.out())
                .contains("rejected: set ANTHROPIC_API_KEY")
                .contains("No model of this category");
    }

    @Test
    void cost_withTiersAndCache_isExact() {
        JsonNode json =
                Shell.run(
                                "cost",
                                "--json",
                                "--model",
                                "openai/gpt-5.5",
                                "--input-tokens",
                                "300000",
                                "--output-tokens",
                                "1000",
                                "--cache-read-tokens",
                                "100000")
                        .json();
        assertThat(json.path("cost").path("input").decimalValue()).isEqualByComparingTo("3");
        assertThat(json.path("cost").path("cache_read").decimalValue()).isEqualByComparingTo("0.1");
        assertThat(json.path("cost").path("output").decimalValue()).isEqualByComparingTo("0.045");
        assertThat(json.path("cost").path("total").decimalValue()).isEqualByComparingTo("3.145");
    }

    @Test
    void cost_ofAnUnknownPrice_isUnknownNotZero() {
        Shell.Result result =
                Shell.run("cost", "--json", "--model", "ollama/llama4", "--input-tokens", "10");
        assertThat(result.json().path("cost").path("total").asText()).isEqualTo("unknown");
    }

    @Test
    void models_filtered_areOnlyThose() {
        JsonNode models =
                Shell.run("models", "--provider", "anthropic", "--can", "vision", "--json").json();
        assertThat(models)
                .isNotEmpty()
                .allSatisfy(model -> assertThat(model.path("can").toString()).contains("vision"));
        assertThat(models)
                .allSatisfy(
                        model -> assertThat(model.path("model").asText()).startsWith("anthropic/"));

        Shell.Result wrong = Shell.run("models", "--provider", "antropic");
        assertThat(wrong.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(wrong.err()).contains("did you mean \"anthropic\"?");
    }

    @Test
    void policyShow_parsedAgain_isTheSamePolicy() throws IOException {
        Shell.Result shown = Shell.run("policy", "show");
        Path copy = Files.writeString(folder.resolve("copy.yaml"), shown.out());
        String hash = Shell.run("policy", "check", "--json").json().path("hash").asText();

        assertThat(
                        Shell.run("policy", "check", "--json", "--policy", copy.toString())
                                .json()
                                .path("hash")
                                .asText())
                .isEqualTo(hash);
    }

    @Test
    void policyCheck_ofABadFile_isOneParagraphWithItsPlace() throws IOException {
        Path bad =
                Files.writeString(
                        folder.resolve("bad.yaml"),
                        "baseline: anthropic/claude-sonnet-5\ncategoriess: {}\n");
        Shell.Result result = Shell.run("policy", "check", "--policy", bad.toString());

        assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(result.err().strip().lines()).hasSize(1);
        assertThat(result.err()).contains("bad.yaml:2:1").contains("did you mean \"categories\"?");
        assertThat(Shell.run("policy", "check", bad.toString())).isEqualTo(result);
    }

    @Test
    void report_withoutALedger_saysWhatToDo() {
        Shell.Result result = shell.withLedger("report");
        assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(result.err()).contains("route something first");
    }

    @Test
    void report_assumingAnotherModel_recomputesTheStoredTokens() {
        shell.withLedger("route", "Summarize: disk full");
        JsonNode tokens = shell.withLedger("report", "--json").json().path("total").path("tokens");
        JsonNode whatIf =
                shell.withLedger("report", "--json", "--assume", "triage=anthropic/claude-opus-4-8")
                        .json();
        JsonNode direct =
                Shell.run(
                                "cost",
                                "--json",
                                "--model",
                                "opus",
                                "--input-tokens",
                                tokens.path("input").asText(),
                                "--output-tokens",
                                tokens.path("output").asText())
                        .json();

        assertThat(whatIf.path("would_be").decimalValue())
                .isEqualByComparingTo(direct.path("cost").path("total").decimalValue());
        assertThat(shell.withLedger("report", "--assume", "triag=opus").err())
                .contains("did you mean \"triage\"?");
    }

    @Test
    void doctor_offline_reportsJdkPolicyAndKeys() {
        Shell.Result result = shell.withLedger("doctor", "--offline");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("jdk")
                .contains("built-in policy")
                .contains("set ANTHROPIC_API_KEY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "route --category triag hello",
                "route --image nowhere.png hello",
                "route --max-tokens 0 hello",
                "route --policy nowhere.yaml hello",
                "rout hello",
                "route",
                "pipe nowhere.jsonl --out x.jsonl --dry-run",
                "cost --model anthropic/claude-hiaku-4-5",
                "report --by colour",
                "report --since yesterday"
            })
    void wrongArguments_ofAnyKind_areSaidInALineAndExitTwo(String line) {
        Shell.Result result = shell.withLedger(line.split(" "));
        if (line.startsWith("cost") || line.startsWith("rout ")) {
            result = Shell.run(line.split(" "));
        }
        assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(result.err()).startsWith("pointsman: ").doesNotContain("\tat ");
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    report --since 2d --until 3d | --since 2d is not before --until 3d
                    report --ledger mysql://u:p@h/x | --ledger takes a file or postgresql://
                    cost --model haiku --input-tokens 1e6 | "1e6" is no whole number
                    serve --port 65536 | --port is from 0 to 65535, not 65536
                    serve --admin-port -1 | --admin-port is from 0 to 65535, not -1
                    models import nowhere.json | the list cannot be read: no such file or folder: nowhere.json
                    models import ../examples/tasks.jsonl | tasks.jsonl:2:1: a list is one JSON object
                    """)
    void wrongArgument_isSaidInTheUsersWords(String line, String said) {
        Shell.Result result = Shell.run(line.split(" "));

        assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(result.err()).contains(said).doesNotContain("u:p");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void ledgerExport_intoAFolderThatIsNotThere_saysWhy() {
        shell.withLedger("route", "Summarize: disk full");

        Shell.Result result = shell.withLedger("ledger", "export", "--out", "nowhere/x.csv");

        assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(result.err())
                .contains("cannot write the export: no such file or folder: nowhere/x.csv");
    }

    @Test
    void budgets_withoutAny_isNoFailure() {
        assertThat(shell.withLedger("budgets").err()).startsWith("no budgets: say some");
        assertThat(shell.withLedger("budgets").code()).isZero();
        assertThat(shell.withLedger("budgets", "--json").json().path("budgets")).isEmpty();
    }

    @Test
    void warmUp_whateverPolicyAndKeysAreSet_asksNoProvider() throws Exception {
        try (FakeProvider provider = FakeProvider.start()) {
            ProcessBuilder command =
                    Fork.of(Fork.SHORT_LIVED, PointsmanCommand.class, "warm-up").inheritIO();
            command.environment().put("POINTSMAN_POLICY", policy(provider).toString());

            assertThat(command.start().waitFor()).isZero();
            assertThat(provider.requests()).isEmpty();
        }
    }

    private Path policy(FakeProvider provider) throws IOException {
        return Files.writeString(
                folder.resolve("policy.yaml"),
                "providers:\n  anthropic: { format: anthropic-messages, base-url: \""
                        + provider.url()
                        + "\", api-key: sk-ant-test-key }\n");
    }
}

package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.Reaction;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

class RepriceTest {

    @TempDir private Path folder;

    private Shell shell = new Shell(Path.of("none"));

    @BeforeEach
    void open() {
        shell = new Shell(folder.resolve("ledger.db"));
    }

    @Test
    void priceThatWasWrong_isPutRight_onceItIsInThePolicy() throws IOException {
        shell.withLedger("route", "--category", "triage", "Summarize: disk full");
        JsonNode was = total();
        Path policy = prices("anthropic/claude-haiku-4-5: { input: 3, output: 15 }");
        String[] reprice = {"reprice", "--since", "1d", "--policy", policy.toString()};

        Shell.Result dry = run(reprice, "--dry-run");
        assertThat(dry.code()).isZero();
        assertThat(dry.out()).contains("anthropic/claude-haiku-4-5").contains("baseline");
        assertThat(dry.err()).contains("1 of 1 requests would change; nothing was changed");
        assertThat(total()).isEqualTo(was);

        JsonNode repriced = run(reprice, "--json").json();
        assertThat(repriced.path("changed").asInt()).isEqualTo(1);
        assertThat(repriced.path("total").path("before")).isEqualTo(was.path("cost"));
        assertThat(total().path("cost").decimalValue())
                .isEqualByComparingTo(
                        was.path("cost").decimalValue().multiply(BigDecimal.valueOf(3)));
        assertThat(total().path("saved").decimalValue())
                .isLessThan(was.path("saved").decimalValue());
        assertThat(run(reprice).err()).contains("0 of 1 requests changed");
    }

    @Test
    void modelThatThePolicyNoLongerKnows_keepsWhatItCost_andIsNamed() throws IOException {
        try (FakeProvider provider = FakeProvider.start()) {
            provider.script("m", Reaction.answers("Full.").tokens(12, 6, 0, 0));
            Path policy =
                    Files.writeString(
                            folder.resolve("mine.yaml"),
                            """
                            providers:
                              mine: { format: openai-chat, base-url: "%s", api-key: sk-test }
                            categories:
                              triage: { description: short questions, models: [mine/m] }
                            default-category: triage
                            prices:
                              mine/m: { input: 1, output: 2 }
                            """
                                    .formatted(provider.url()));
            Shell.Result routed =
                    shell.withLedger(
                            "route",
                            "--policy",
                            policy.toString(),
                            "--category",
                            "triage",
                            "disk full?");
            assertThat(routed.code()).as(routed.err()).isZero();
        }
        JsonNode was = total();

        Shell.Result result = shell.withLedger("reprice", "--since", "1d");

        assertThat(was.path("cost").decimalValue()).isPositive();
        assertThat(result.err())
                .contains("mine/m has no price now: its 1 attempts keep what they cost");
        assertThat(total()).isEqualTo(was);
    }

    @Test
    void missingPeriod_orUnknownModel_isSaid() {
        shell.withLedger("route", "Summarize: disk full");

        assertThat(shell.withLedger("reprice").code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(shell.withLedger("reprice").err()).contains("--since");
        Shell.Result misspelt =
                shell.withLedger(
                        "reprice", "--since", "1d", "--model", "anthropic/claude-haiku-4-6");
        assertThat(misspelt.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(misspelt.err()).contains("claude-haiku-4-5");
    }

    @Test
    void export_ofAttempts_hasALineForEachCall() throws IOException {
        shell.withLedger("route", "Summarize: disk full");
        Path out = folder.resolve("attempts.jsonl");

        shell.withLedger("ledger", "export", "--what", "attempts", "--out", out.toString());

        List<JsonNode> lines = Shell.lines(out);
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst().path("purpose").asText()).isEqualTo("answer");
        assertThat(lines.getFirst().path("number").asInt()).isEqualTo(1);
        assertThat(lines.getFirst().path("cost_nanos").asLong()).isPositive();
    }

    private Shell.Result run(String[] command, String... more) {
        return shell.withLedger(
                Stream.of(command, more).flatMap(Arrays::stream).toArray(String[]::new));
    }

    private JsonNode total() {
        return shell.withLedger("report", "--json").json().path("total");
    }

    private Path prices(String price) throws IOException {
        return Files.writeString(
                folder.resolve("policy.yaml"),
                "baseline: anthropic/claude-opus-4-8\nprices:\n  " + price + "\n");
    }
}

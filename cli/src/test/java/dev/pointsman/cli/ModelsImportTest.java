package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.catalog.Catalog;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Price;
import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** {@code pointsman models import}. */
class ModelsImportTest {

    private static final Path LISTS = Path.of("src/test/resources/catalogues");

    @TempDir private Path data;

    private Shell.Result shell(String... arguments) {
        return Shell.run(
                Stream.concat(
                                Stream.of("models", "import", "--data", data.toString()),
                                Arrays.stream(arguments))
                        .toArray(String[]::new));
    }

    private String list(String name) {
        return LISTS.resolve(name).toString();
    }

    private Catalog current() {
        return new ImportedCatalogue(data).current();
    }

    private long cost(String provider, String id, Usage usage) {
        return Cost.estimate(current().find(provider, id).orElseThrow(), usage).total().nanos();
    }

    @Test
    void modelsDev_imported_showsWhatChangesAndHolds() {
        JsonNode said = shell(list("models-dev.json"), "--json").json();

        assertThat(said.path("style").asText()).isEqualTo("models.dev");
        assertThat(said.path("models").asInt()).isEqualTo(3);
        assertThat(said.path("added").findValuesAsText("model"))
                .containsExactly("anthropic/claude-new", "google/gemini-new");
        assertThat(said.path("priced").findValuesAsText("model"))
                .containsExactly("anthropic/claude-haiku-4-5");
        assertThat(said.path("priced").get(0).path("before").path("input").decimalValue())
                .isEqualByComparingTo("1");
        assertThat(said.path("removed")).isEmpty();
        assertThat(cost("anthropic", "claude-haiku-4-5", Usage.of(1_000, 0))).isEqualTo(900_000);
        assertThat(cost("anthropic", "claude-new", Usage.of(200_001, 0)))
                .isEqualTo(200_001L * 6_000);
        Usage hour =
                Usage.of(0, 0)
                        .withCache(0, 10)
                        .withDetail(new Usage.Detail(10, 0, 0, 0, 0, 0, ServiceTier.STANDARD));
        assertThat(cost("anthropic", "claude-new", hour)).isEqualTo(10 * 6_000);
        assertThat(current().find("openai", "gpt-5"))
                .as("the built-in one is below")
                .isEqualTo(Catalog.builtIn().find("openai", "gpt-5"));
    }

    @Test
    void liteLlm_imported_hasServicesTiersAndTheRestOfWhatIsKnown() {
        JsonNode said = shell(list("litellm.json"), "--json").json();

        assertThat(said.path("style").asText()).isEqualTo("litellm");
        assertThat(said.path("left_out").asInt()).isEqualTo(1);
        assertThat(said.path("added").findValuesAsText("model"))
                .containsExactly("google/gemini-own", "anthropic/claude-own");
        Usage usage = Usage.of(1_000, 0);
        assertThat(cost("openai", "gpt-5", usage.at(ServiceTier.PRIORITY))).isEqualTo(2_500_000);
        assertThat(cost("openai", "gpt-5", usage.at(ServiceTier.FLEX))).isEqualTo(625_000);
        assertThat(cost("google", "gemini-own", Usage.of(200_001, 0))).isEqualTo(200_001L * 2_500);
        assertThat(current().find("openai", "gpt-5").orElseThrow().abilities())
                .isEqualTo(Catalog.builtIn().find("openai", "gpt-5").orElseThrow().abilities());
    }

    @Test
    void policy_overAnImport_standsAboveItAndEachPriceSaysWhereItIsFrom() {
        assertThat(shell(list("models-dev.json")).code()).isEqualTo(ExitCode.OK);
        Policy policy =
                PolicyFile.text("prices: { google/gemini-new: { input: 7, output: 8 } }", "p")
                        .catalog(new ImportedCatalogue(data)::current)
                        .load();

        assertThat(version(policy, "google/gemini-new")).isEqualTo("policy");
        assertThat(version(policy, "anthropic/claude-haiku-4-5")).startsWith("models.dev-20");
        assertThat(version(policy, "openai/gpt-5")).isEqualTo(Catalog.builtIn().version());
        assertThat(version(policy, "anthropic/claude-haiku-4-5"))
                .isNotEqualTo(Catalog.builtIn().version());
    }

    private static String version(Policy policy, String model) {
        return policy.model(model).price().map(Price::version).orElse("");
    }

    @Test
    void dryRun_showsButChangesNothing() {
        Shell.Result said = shell(list("models-dev.json"), "--dry-run");

        assertThat(said.out()).contains("+ anthropic/claude-new").contains("~ anthropic/claude-h");
        assertThat(said.err()).contains("2 new, 1 with another price").contains("not taken over");
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void secondImport_withoutAModelOfTheFirst_removesIt() {
        shell(list("models-dev.json"));
        JsonNode said = shell(list("litellm.json"), "--json").json();

        assertThat(said.path("removed").toString())
                .contains("anthropic/claude-new", "google/gemini-new");
        assertThat(current().find("anthropic", "claude-new")).isEmpty();
    }

    @Test
    void current_thatIsBroken_saysHowToGoOn() throws IOException {
        shell(list("models-dev.json"));
        String version = Files.readString(data.resolve("catalogues/current")).strip();
        Files.writeString(data.resolve("catalogues/" + version + ".tsv"), "anthropic\tclaude\n");

        assertThat(shell(list("litellm.json")).err()).contains("models import --reset");
        assertThat(shell("--reset").code()).isEqualTo(ExitCode.OK);
        assertThat(current()).isSameAs(Catalog.builtIn());
    }

    @Test
    void reset_afterAnImport_bringsBackTheBuiltInCatalogue() {
        shell(list("models-dev.json"));

        assertThat(shell("--reset").out()).contains(Catalog.builtIn().version());
        assertThat(current()).isSameAs(Catalog.builtIn());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ \"a\": { \"models\": {} | :1:22: | Unexpected end",
                "[] | :1:1: | an object of providers",
                "{} | :1:1: | an object of providers",
                "{ \"gpt\": { \"mode\": \"chat\" } } | :1:3: | there is no \"litellm_provider\"",
                "{ \"a\": { \"models\": { \"m\": { \"name\": 1 } } } } | :1:22: | there is no"
                        + " \"id\"",
                "{\"m\": {\"litellm_provider\": \"x\", \"input_cost_per_token\": \"1\"}}"
                        + " | :1:33: | must be a number",
                "{\"m\": {\"litellm_provider\": \"x\", \"input_cost_per_token\": -1}}"
                        + " | :1:33: | from 0 to 1,000,000 USD per million tokens, not -1000000",
                "{\"m\": {\"litellm_provider\": \"x\", \"max_input_tokens\": 1.5}}"
                        + " | :1:33: | whole number of tokens"
            })
    void list_thatIsWrong_isRefusedWithItsPlace(String text, String place, String why)
            throws IOException {
        Path file = Files.writeString(data.resolve("list.json"), text);

        Shell.Result said = shell(file.toString());

        assertThat(said.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(said.err()).contains("list.json" + place).contains(why);
        assertThat(data.resolve("catalogues")).doesNotExist();
    }

    @Test
    void neither_fileNorReset_isRefused() {
        assertThat(shell().code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(shell(list("litellm.json"), "--reset").code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(shell("none.json").err()).contains("none.json");
    }
}

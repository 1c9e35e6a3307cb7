package dev.pointsman.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.budget.BudgetRule;
import dev.pointsman.budget.BudgetSettings;
import dev.pointsman.budget.Limit;
import dev.pointsman.budget.Scope;
import dev.pointsman.core.Money;
import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;
import dev.pointsman.core.Secret;
import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.TokenKind;
import dev.pointsman.wire.Format;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Policy files, right and wrong. */
class PolicyFileTest {

    @TempDir private Path folder;

    /** In the texts {@code |} ends a line. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiterString = " => ",
            value = {
                // unknown keys
                "providers:|  a: { format: gemini, base-url: http://a, api-kye: x } =>"
                        + " my.yaml:2:44: providers.a has no key \"api-kye\"; did you mean"
                        + " \"api-key\"?",
                "catgories: {} => my.yaml:1:1: a policy has no key \"catgories\"; did you mean"
                        + " \"categories\"?",
                "rules:|  - when: { startswith: x }|    category: triage => my.yaml:2:13:"
                        + " rules[0].when has no key \"startswith\"; did you mean \"starts-with\"?",
                // wrong types
                "categories:|  triage:|    models: haiku => my.yaml:3:13: categories.triage.models"
                        + " must be a list, not the text \"haiku\"",
                "attempts: { max: many } => my.yaml:1:18: attempts.max must be a whole number",
                "attempts: { max: 0 } => my.yaml:1:18: attempts.max must be a whole number",
                "attempts: { connect: 5 } => my.yaml:1:22: attempts.connect must be a duration",
                "prices:|  a/b: { input: cheap, output: 1 } => my.yaml:2:17: prices.a/b.input must"
                        + " be a price",
                "prices:|  a/b: { input: -1, output: 1 } => my.yaml:2:17: prices.a/b.input must be"
                        + " a price",
                "sessions: { max-switch-spend: -1 } => my.yaml:1:31: sessions.max-switch-spend must"
                        + " be a share, 0 or more",
                "budgets: { limits: [{ of: all, limit: 5eur }] } => my.yaml:1:39:"
                        + " budgets.limits[0].limit: \"5eur\" is no amount such as 50usd/month: the"
                        + " amount is in usd",
                "budgets: { limits: [{ of: keys, limit: 5usd }] } => my.yaml:1:27:"
                        + " budgets.limits[0].of: a budget is of all, key (each of them)",
                "budgets: { limits: [{ of: all, limit: 5usd }, { of: all, limit: 6usd }] } =>"
                        + " my.yaml:1:47: there are two limits of all for the same period",
                "budgets: { unknown-price: 1 } => my.yaml:1:27: budgets.unknown-price: \"1\" is no"
                        + " amount",
                "sessions: { keep: 0s } => my.yaml:1:19: sessions.keep must be a duration",
                "ledger: { store-content: perhaps } => my.yaml:1:26: ledger.store-content must be"
                        + " true or false",
                "ledger: { keep: 59m } => my.yaml:1:17: ledger.keep must be an hour or more",
                "ledger: { url: ledger.db } => my.yaml:1:16: ledger.url must be postgresql://",
                "[] => my.yaml:1:1: a policy is a mapping of sections, not a list",
                "hello => my.yaml:1:1: a policy is a mapping of sections, not the text \"hello\"",
                "rules:|  - when: { starts-with: [] }|    category: triage => my.yaml:2:26:"
                        + " rules[0].when.starts-with must have at least 1 item",
                "providers:|  a: { format: openai, base-url: http://a } => my.yaml:2:16:"
                        + " providers.a.format must be anthropic-messages",
                // missing keys
                "providers:|  a: { format: gemini } => my.yaml:2:6: providers.a lacks \"base-url\"",
                // faults
                "providers:|  c: { format: gemini, faults: { overlaoded: 0.1 } } => my.yaml:2:34:"
                        + " providers.c.faults has no key \"overlaoded\"; did you mean"
                        + " \"overloaded\"?",
                "providers:|  c: { format: gemini, faults: { script: [ok, cutt] } } =>"
                        + " my.yaml:2:47: providers.c.faults.script[1] must be refused,",
                "providers:|  c: { format: gemini, faults: { cut: 0.7, hang: 0.31 } } =>"
                        + " my.yaml:2:24: the shares come to 1.01 together",
                "providers:|  c: { format: gemini, faults: { cut: 1.5 } } => my.yaml:2:39:"
                        + " providers.c.faults.cut must be a number from 0 to 1",
                "providers:|  c: { format: gemini, faults: { cut: 0.5, script: [ok] } } =>"
                        + " my.yaml:2:24: a script leaves nothing to chance",
                // cycles
                "aliases:|  fast: quick|  quick: fast => my.yaml:2:9: this alias leads back to"
                        + " itself: fast -> quick -> fast",
                "categories: &a|  x: *a => my.yaml:1:13: this anchor holds itself",
                // variables
                "providers:|  a: { format: gemini, base-url: \"https://${MY_HOST}\" } =>"
                        + " my.yaml:2:34: the environment variable MY_HOST is not set",
                // names nobody has
                "categories:|  generation:|    models: [anthropic/claude-opus-4-66] =>"
                    + " my.yaml:3:14: the catalogue has no model \"anthropic/claude-opus-4-66\";"
                    + " did you mean \"anthropic/claude-opus-4-6\"?",
                "categories:|  generation:|    models: [antropic/claude-opus-4-6] => my.yaml:3:14:"
                        + " the model \"antropic/claude-opus-4-6\" names a provider that is not"
                        + " configured; did you mean \"anthropic/claude-opus-4-6\"?",
                "rules:|  - when: { has: image }|    category: visio => my.yaml:3:15: there is no"
                        + " category \"visio\"; did you mean \"vision\"?",
                "default-category: visio => my.yaml:1:19: there is no category \"visio\"",
                "baseline: nosuch/model => my.yaml:1:11: the model \"nosuch/model\"",
                "categories:|  a: { models: [haiku] } => my.yaml:1:1: these categories lack the"
                        + " built-in default, generation",
                // said twice
                "categories:|  generation: { models: [haiku] }|  generation: { models: [opus] } =>"
                        + " my.yaml:3:3: \"generation\" stands here twice; first at line 2",
                "baseline: haiku|baseline: opus => my.yaml:2:1: \"baseline\" stands here twice",
                // no YAML
                "categories:|\t generation: {} => my.yaml:2:1: this is no YAML",
                "a: [ => my.yaml:",
                // places
                "providers:|  a: { format: gemini, base-url: \"ftp://x\" } => my.yaml:2:34:"
                        + " expected http://host or https://host",
                "providers:|  a: { format: gemini, base-url: http://a, ca: no.pem } =>"
                        + " my.yaml:2:48: the file",
            })
    void file_thatIsWrong_isOneParagraphWithItsPlace(String lines, String expected) {
        assertThatThrownBy(() -> parse(lines.replace('|', '\n'), Map.of()))
                .isInstanceOf(PolicyException.class)
                .message()
                .startsWith(expected)
                .doesNotContain("\n");
    }

    @Test
    void file_thatIsNotThere_saysSo() {
        assertThatThrownBy(() -> Policy.load(folder.resolve("none.yaml")))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("there is no such policy file");
    }

    @Test
    void file_thatIsNotText_saysSo() throws IOException {
        Path file = folder.resolve("binary.yaml");
        Files.write(file, new byte[] {(byte) 0xC3, (byte) 0x28});

        assertThatThrownBy(() -> Policy.load(file))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing but a comment\n", "{}"})
    void file_withoutSections_isTheBuiltInPolicy(String yaml) {
        assertThat(parse(yaml, Map.of()).hash())
                .isEqualTo(
                        PolicyFile.builtIn().environment(name -> Optional.empty()).load().hash());
    }

    @Test
    void faults_readAndWritten_areTheSame() {
        Policy policy =
                parse(
                        """
                        providers:
                          chaos:
                            format: gemini
                            catalog: google
                            api-key: "${NOT_SET}"
                            faults: { overloaded: 0.1, cut: 0.9, seed: 42 }
                        categories:
                          generation: { models: [chaos/hang, chaos/gemini-2.5-pro] }
                        """,
                        Map.of());
        Provider chaos = policy.providers().get("chaos");

        assertThat(chaos.faults())
                .hasValue(
                        Faults.byName()
                                .share(Fault.OVERLOADED, 0.1)
                                .share(Fault.CUT, 0.9)
                                .seed(42));
        assertThat(chaos.unavailable()).isEmpty();
        assertThat(policy.model("chaos/hang").known()).isFalse();
        assertThat(policy.model("chaos/gemini-2.5-pro").price()).isPresent();
        assertThat(parse(policy.toYaml(), Map.of()).providers().get("chaos").faults())
                .isEqualTo(chaos.faults());
    }

    @Test
    void sections_thatAreNamed_mergeAndTheOthersReplace() {
        Policy base = PolicyFile.builtIn().environment(name -> Optional.empty()).load();
        Policy merged =
                parse(
                        """
                        providers:
                          mine: { format: openai-chat, base-url: "http://127.0.0.1:9/v1" }
                        models:
                          mine/small: { context: 8000, can: [tools] }
                        prices:
                          mine/small: { input: 0.1, output: 0.2 }
                        aliases: { small: mine/small }
                        categories:
                          generation: { description: All of it, models: [small, haiku] }
                        """,
                        Map.of());

        assertThat(merged.providers()).containsKeys("mine", "anthropic", "openai");
        assertThat(merged.aliases()).containsKeys("small", "haiku");
        assertThat(merged.categories()).containsOnlyKeys("generation");
        assertThat(base.rules()).extracting(Rule::category).containsExactly("vision");
        assertThat(merged.rules()).isEmpty();
        assertThat(merged.model("small").contextTokens()).isEqualTo(8000);
        assertThat(merged.model("small").price().orElseThrow().base())
                .isEqualTo(Rates.usdPerMillion("0.1", "0.2"));
        assertThat(merged.route("generation"))
                .extracting(one -> one.model().ref())
                .containsExactly("mine/small", "anthropic/claude-haiku-4-5");
    }

    @Test
    void provider_saidAgain_replacesTheBuiltInOneWhole() {
        Policy policy =
                parse(
                        "providers:\n  openai: { format: openai-chat, base-url: \"http://a/v1\" }",
                        Map.of());

        assertThat(policy.providers().get("openai").unavailable()).isEmpty();
        assertThat(policy.providers().get("openai").baseUrl().reveal()).isEqualTo("http://a/v1");
    }

    @Test
    void key_ofAnUnsetVariable_onlyMakesTheProviderUnavailable() {
        Policy without = parse("", Map.of());
        Policy with = parse("", Map.of("ANTHROPIC_API_KEY", "sk-ant-secret"));

        assertThat(without.providers().get("anthropic").unavailable())
                .contains("set ANTHROPIC_API_KEY");
        assertThat(with.providers().get("anthropic").unavailable()).isEmpty();
        assertThat(with.providers().get("anthropic").apiKey().orElseThrow().reveal())
                .isEqualTo("sk-ant-secret");
        assertThat(with.hash()).isEqualTo(without.hash());
    }

    @Test
    void secrets_ofEveryKind_areNeverShown() {
        Policy policy =
                parse(
                        """
                        providers:
                          a: { format: openai-chat, base-url: "https://a/v1", api-key: sk-written-out,
                               headers: { Authorization: sk-header, x-team: blue, x-key: "${NAME}" },
                               query: { token: sk-query, api-version: "2026-01-01" },
                               proxy: "http://user:sk-proxy@proxy:3128" }
                        """,
                        Map.of("NAME", "sk-environment"));

        assertThat(policy.toYaml() + policy.toJson() + policy + policy.providers())
                .doesNotContain("sk-")
                .contains("blue", "2026-01-01", "${NAME}", "***@proxy:3128");
        Provider provider = policy.providers().get("a");
        assertThat(provider.headers().get("Authorization").reveal()).isEqualTo("sk-header");
        assertThat(provider.headers().get("x-key").reveal()).isEqualTo("sk-environment");
        assertThat(provider.query().get("token").reveal()).isEqualTo("sk-query");
    }

    @ParameterizedTest
    @ValueSource(strings = {"founding-table.yaml", "mixed-providers.yaml", "resilience.yaml"})
    void examples_shownAndReadAgain_areTheSamePolicy(String example) throws IOException {
        String yaml = Files.readString(Path.of("../examples", example));
        Policy policy = parse(yaml, Map.of());
        Policy again = parse(policy.toYaml(), Map.of());
        Policy fromJson = parse(policy.toJson(), Map.of());

        assertThat(again.hash()).isEqualTo(policy.hash());
        assertThat(fromJson.hash()).isEqualTo(policy.hash());
    }

    @Test
    void policy_inCode_saysAllThatAFileCan() throws IOException {
        Path pem = Files.writeString(folder.resolve("ca.pem"), "-");
        Policy file =
                parse(
                        """
                        providers:
                          azure: { format: openai-chat, base-url: "https://a/v1", api-key: "k", catalog: openai,
                                   headers: { x-team: blue }, query: { api-version: v1 },
                                   proxy: "http://proxy:3128", ca: %s,
                                   limits: { concurrent: 4, requests-per-minute: 60, tokens-per-minute: 100000 } }
                        models:
                          azure/own: { context: 8000, output: 1000, can: [image, tools] }
                        pools:
                          both: { models: { own: 3, azure/gpt-5-mini: 1 }, balance: least-loaded }
                        prices:
                          azure/own: { input: 1, output: 2, cache-read: 0.1, cache-write: 1.25, audio-input: 3, reasoning: 4,
                                       flex: { input: 0.5, output: 1 } }
                        aliases: { own: azure/own }
                        categories:
                          small: { description: Small things, examples: ["a ${small} thing", another], models: [own], strategy: cheapest, expected-output: 50 }
                        default-category: small
                        classify:
                          use: [rules, local, triage]
                          local: { threshold: 0.75, unsure: small, model: %s }
                          triage: { model: own, prompt-chars: 100, max-tokens: 10, timeout: 500ms }
                        rules:
                          - when: { caller: "com.acme.**", tag: { job: nightly }, has: image, starts-with: [A], contains: b, tokens-over: 5, tokens-under: 9 }
                            category: small
                        baseline: own
                        attempts:
                          { max: 2, connect: 1s, first-content: 2s, idle: 3s, total: 4s, keep-alive: 5s,
                            retries: { share: 0.1, per-second: 7 },
                            breaker: { failures: 2, share: 0.25, calls: 10, window: 6s, open: 7s, longest: 8s },
                            hedge: { after: 800ms, share: 0.125 } }
                        sessions: { stick: false, max-switch-spend: 1.5, warm: 1m, keep: 2h }
                        budgets:
                          limits:
                            - { of: all, limit: 500usd/month }
                            - { of: key, limit: 5usd/day, enforce: soft }
                            - { of: "tag:team=red", limit: 0.5usd }
                          unknown-price: 0.05usd
                        ledger: { store-content: true, url: "postgresql://me:secret@db/pointsman", keep: 90d }
                        gateway: { hosts: [pointsman.example.org] }
                        """
                                .formatted(pem, pem),
                        Map.of());
        Policy code =
                PolicyFile.builtIn().environment(name -> Optional.empty()).load().toBuilder()
                        .clearCategories()
                        .provider(
                                Provider.of("azure", Format.OPENAI_CHAT, "https://a/v1")
                                        .apiKey(Secret.of("k"))
                                        .catalog("openai")
                                        .header("x-team", Setting.plain("blue"))
                                        .query("api-version", Setting.plain("v1"))
                                        .proxy(Setting.plain("http://proxy:3128"))
                                        .ca(pem)
                                        .limits(new DeploymentLimits(4, 60, 100_000)))
                        .pool(
                                new Pool(
                                        "both",
                                        Pool.Balance.LEAST_LOADED,
                                        placesOf("own", 3, "azure/gpt-5-mini", 1)))
                        .model(
                                "azure/own",
                                new DeclaredModel(
                                        8000,
                                        1000,
                                        java.util.Set.of(
                                                dev.pointsman.core.Model.Ability.IMAGE_INPUT,
                                                dev.pointsman.core.Model.Ability.TOOLS)))
                        .price(
                                "azure/own",
                                new Price(
                                        Rates.usdPerMillion("1", "2")
                                                .withCache(
                                                        java.util.OptionalLong.of(
                                                                Rates.rate("0.1")),
                                                        java.util.OptionalLong.of(
                                                                Rates.rate("1.25")))
                                                .with(TokenKind.AUDIO_INPUT, Rates.rate("3"))
                                                .with(TokenKind.REASONING, Rates.rate("4")),
                                        List.of(),
                                        Map.of(
                                                ServiceTier.FLEX,
                                                new Price.Service(
                                                        Rates.usdPerMillion("0.5", "1"),
                                                        List.of())),
                                        "policy"))
                        .alias("own", "azure/own")
                        .category(
                                new Category(
                                        "small",
                                        "Small things",
                                        List.of("a ${small} thing", "another"),
                                        List.of("own"),
                                        Strategy.CHEAPEST,
                                        50))
                        .defaultCategory("small")
                        .classify(
                                new ClassifySettings(
                                        List.of(
                                                ClassifySettings.Stage.RULES,
                                                ClassifySettings.Stage.LOCAL,
                                                ClassifySettings.Stage.TRIAGE),
                                        new ClassifySettings.Local(0.75, "small", Optional.of(pem)),
                                        Optional.of(
                                                new ClassifySettings.Triage(
                                                        "own", 100, 10, Duration.ofMillis(500)))))
                        .rule(
                                new Rule.When(
                                        List.of("com.acme.**"),
                                        Map.of("job", "nightly"),
                                        true,
                                        List.of("A"),
                                        List.of("b"),
                                        java.util.OptionalLong.of(5),
                                        java.util.OptionalLong.of(9)),
                                "small")
                        .baseline("own")
                        .attempts(
                                new AttemptLimits(
                                        2,
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(2),
                                        Duration.ofSeconds(3),
                                        Duration.ofSeconds(4),
                                        Duration.ofSeconds(5)))
                        .attemptRules(
                                new AttemptRules(
                                        new RetryShare(0.1, 7),
                                        new BreakerSettings(
                                                2,
                                                0.25,
                                                10,
                                                Duration.ofSeconds(6),
                                                Duration.ofSeconds(7),
                                                Duration.ofSeconds(8)),
                                        Optional.of(
                                                new HedgeSettings(
                                                        Optional.of(Duration.ofMillis(800)),
                                                        0.125))))
                        .sessions(
                                new SessionSettings(
                                        false, 1.5, Duration.ofMinutes(1), Duration.ofHours(2)))
                        .budgets(
                                new BudgetSettings(
                                        List.of(
                                                rule("all", "500usd/month", true),
                                                rule("key", "5usd/day", false),
                                                rule("tag:team=red", "0.5usd", true)),
                                        Optional.of(Money.ofNanos(50_000_000))))
                        .storeContent(true)
                        .ledgerUrl(Setting.plain("postgresql://me:secret@db/pointsman"))
                        .ledgerKeep(Duration.ofDays(90))
                        .gateway(GatewaySettings.DEFAULT.hosts("pointsman.example.org"))
                        .build();

        assertThat(code.toYaml()).isEqualTo(file.toYaml());
        assertThat(code.hash()).isEqualTo(file.hash());
    }

    private static BudgetRule rule(String of, String limit, boolean hard) {
        return new BudgetRule(Scope.of(of), Limit.of(limit), hard);
    }

    @Test
    void hash_changesWithEveryChangeButAKeys() {
        Policy policy = parse("", Map.of());

        assertThat(policy.toBuilder().baseline("haiku").build().hash())
                .isNotEqualTo(policy.hash())
                .hasSize(12);
        assertThat(policy.toBuilder().build().hash()).isEqualTo(policy.hash());
    }

    @Test
    void policy_inCodeThatIsWrong_saysWhereWithoutAFile() {
        assertThatThrownBy(() ->
                        Policy.builder().category(Category.of("generation", "", "none/x")).build())
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("categories.generation.models")
                .hasMessageContaining("none/x");
    }

    private static Map<String, Integer> placesOf(String one, int first, String two, int second) {
        Map<String, Integer> models = new LinkedHashMap<>();
        models.put(one, first);
        models.put(two, second);
        return models;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "attempts: { hedge: { after: soon } } | p95, or a duration more than zero",
                "attempts: { hedge: { share: 0.1 } } | lacks \"after\"",
                "attempts: { hedge: { after: p95, share: 0 } } | share must be above 0",
                "attempts: { breaker: { open: 10m } } | longest must be from 600s to 86400s:"
                        + " 300s",
                "attempts: { breaker: { failures: 0 } } | whole number",
                "attempts: { retries: { share: 2 } } | a number from 0 to 1",
                "pools: { auto: { models: { opus: 1 } } } | other than auto",
                "pools: { opus: { models: { haiku: 1 } } } | other than auto and the aliases",
                "pools: { p: { models: { opus: 0 } } } | whole number",
                "pools: { p: { models: { q: 1 } }, q: { models: { opus: 1 } } } | is a pool",
                "pools: { p: { models: { opsu: 1 } } } | did you mean \"opus\"",
                "pools: { p: { models: { opus: 1, anthropic/claude-opus-4-8: 2 } } } | stands in"
                        + " this pool twice",
            })
    void attemptsAndPools_thatCannotBe_sayWhatIsWrong(String yaml, String words) {
        assertThatThrownBy(() -> parse(yaml, Map.of()))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("my.yaml")
                .hasMessageContaining(words);
    }

    @Test
    void category_namingAPool_hasItsPlaces() {
        Policy policy =
                parse(
                        """
                        pools:
                          claude: { models: { opus: 3, haiku: 1 } }
                        categories:
                          generation: { models: [claude, sonnet] }
                        """,
                        Map.of());

        assertThat(policy.route("generation"))
                .extracting(one -> one.model().ref())
                .containsExactly(
                        "anthropic/claude-opus-4-8",
                        "anthropic/claude-haiku-4-5",
                        "anthropic/claude-sonnet-5");
        assertThat(policy.route("generation").getFirst().place())
                .contains(new Deployment.Place("claude", Pool.Balance.WEIGHTED, 3));
        assertThat(policy.deployments("claude")).hasSize(2);
    }

    private static Policy parse(String yaml, Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        return PolicyFile.text(yaml, "my.yaml")
                .environment(name -> Optional.ofNullable(variables.get(name)))
                .load();
    }
}

package dev.pointsman.policy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.pointsman.budget.BudgetRule;
import dev.pointsman.budget.BudgetSettings;
import dev.pointsman.budget.Limit;
import dev.pointsman.core.Money;
import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;
import dev.pointsman.core.TokenKind;
import dev.pointsman.wire.Format;

import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Writes a policy the way a file would say it, without any secret. */
final class PolicyText {

    /** The version of a price that a policy says. */
    static final String PRICE_VERSION = "policy";

    private static final int HASH_DIGITS = 12;
    private static final int WIDTH = 120;

    private PolicyText() {}

    static String yaml(Policy policy) {
        DumpSettings settings =
                DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.AUTO)
                        .setWidth(WIDTH)
                        .setSplitLines(false)
                        .build();
        return new Dump(settings).dumpToString(sections(policy));
    }

    static String json(Policy policy) {
        return json(sections(policy));
    }

    static String json(Map<String, Object> tree) {
        try {
            return new ObjectMapper()
                    .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Maps, lists and values can always be written", e);
        }
    }

    static String hash(Policy policy) {
        try {
            String content = policy.catalog().version() + "\n" + sections(policy);
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(content.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static Map<String, Object> sections(Policy policy) {
        Map<String, Object> sections = new LinkedHashMap<>();
        sections.put("providers", byName(policy.providers(), PolicyText::provider));
        sections.put("categories", byName(policy.categories(), PolicyText::category));
        sections.put("default-category", policy.defaultCategory());
        sections.put("classify", classify(policy.classify()));
        sections.put("rules", policy.rules().stream().map(PolicyText::rule).toList());
        sections.put("prices", byName(policy.prices(), PolicyText::price));
        sections.put("models", byName(policy.models(), PolicyText::declared));
        sections.put("aliases", policy.aliases());
        sections.put("pools", byName(policy.pools(), PolicyText::pool));
        policy.baseline().ifPresent(model -> sections.put("baseline", model));
        sections.put("attempts", attempts(policy.attempts(), policy.attemptRules()));
        sections.put("sessions", sessions(policy.sessions()));
        sections.put("budgets", budgets(policy.budgets()));
        sections.put("gateway", gateway(policy.gateway()));
        sections.put("ledger", ledger(policy));
        sections.values()
                .removeIf(section -> section.equals(Map.of()) || section.equals(List.of()));
        return sections;
    }

    private static <T> Map<String, Object> byName(Map<String, T> all, Function<T, Object> write) {
        Map<String, Object> written = new LinkedHashMap<>();
        all.forEach((name, value) -> written.put(name, write.apply(value)));
        return written;
    }

    private static Map<String, Object> provider(Provider provider) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("format", provider.format().label());
        putUnlessEmpty(said, "also", provider.also().stream().map(Format::label).toList());
        putUnlessEmpty(said, "base-url", provider.baseUrl().toString());
        provider.apiKey().ifPresent(key -> said.put("api-key", key.toString()));
        if (!provider.catalog().equals(provider.name())) {
            said.put("catalog", provider.catalog());
        }
        putUnlessEmpty(said, "headers", settings(provider.headers()));
        putUnlessEmpty(said, "query", settings(provider.query()));
        provider.proxy().ifPresent(proxy -> said.put("proxy", proxy.toString()));
        provider.ca().ifPresent(ca -> said.put("ca", ca.toString()));
        if (provider.streamUsage() != Provider.StreamUsage.ASK) {
            said.put("usage", provider.streamUsage().label());
        }
        putUnlessEmpty(said, "limits", limits(provider.limits()));
        provider.faults().ifPresent(faults -> said.put("faults", faults(faults)));
        return said;
    }

    private static Map<String, Object> limits(DeploymentLimits limits) {
        Map<String, Object> said = new LinkedHashMap<>();
        putUnlessZero(said, "concurrent", limits.concurrent());
        putUnlessZero(said, "requests-per-minute", limits.requestsPerMinute());
        putUnlessZero(said, "tokens-per-minute", limits.tokensPerMinute());
        return said;
    }

    private static void putUnlessZero(Map<String, Object> map, String key, long value) {
        if (value > 0) {
            map.put(key, value);
        }
    }

    private static Map<String, Object> pool(Pool pool) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("models", pool.models());
        said.put("balance", pool.balance().label());
        return said;
    }

    private static Map<String, Object> faults(Faults faults) {
        Map<String, Object> said = new LinkedHashMap<>();
        faults.shares().forEach((fault, share) -> said.put(fault.label(), decimal(share)));
        putUnlessEmpty(said, "script", faults.script().stream().map(Fault::label).toList());
        faults.seed().ifPresent(seed -> said.put("seed", seed));
        return said;
    }

    private static BigDecimal decimal(double number) {
        return new BigDecimal(BigDecimal.valueOf(number).toPlainString());
    }

    private static Map<String, Object> settings(Map<String, Setting> settings) {
        return byName(settings, Setting::toString);
    }

    private static Map<String, Object> category(Category category) {
        Map<String, Object> said = new LinkedHashMap<>();
        putUnlessEmpty(said, "description", category.description());
        putUnlessEmpty(said, "examples", category.examples());
        said.put("models", category.models());
        if (category.strategy() != Strategy.ORDER) {
            said.put("strategy", category.strategy().label());
        }
        if (category.expectedOutput() != Category.DEFAULT_EXPECTED_OUTPUT) {
            said.put("expected-output", category.expectedOutput());
        }
        return said;
    }

    private static Map<String, Object> classify(ClassifySettings classify) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("use", classify.use().stream().map(ClassifySettings.Stage::label).toList());
        ClassifySettings.Local local = classify.local();
        if (!local.equals(ClassifySettings.Local.DEFAULT)) {
            Map<String, Object> own = new LinkedHashMap<>();
            own.put("threshold", BigDecimal.valueOf(local.threshold()));
            own.put("unsure", local.unsure());
            local.model().ifPresent(model -> own.put("model", model.toString()));
            said.put("local", own);
        }
        classify.triage()
                .ifPresent(triage -> {
                    Map<String, Object> asked = new LinkedHashMap<>();
                    asked.put("model", triage.model());
                    asked.put("prompt-chars", triage.promptChars());
                    asked.put("max-tokens", triage.maxTokens());
                    asked.put("timeout", span(triage.timeout()));
                    said.put("triage", asked);
                });
        return said;
    }

    private static Map<String, Object> rule(Rule rule) {
        Rule.When when = rule.when();
        Map<String, Object> conditions = new LinkedHashMap<>();
        putUnlessEmpty(conditions, "caller", when.callers());
        putUnlessEmpty(conditions, "tag", new TreeMap<>(when.tags()));
        putUnlessEmpty(conditions, "has", when.image() ? List.of("image") : List.of());
        putUnlessEmpty(conditions, "starts-with", when.startsWith());
        putUnlessEmpty(conditions, "contains", when.contains());
        when.tokensOver().ifPresent(tokens -> conditions.put("tokens-over", tokens));
        when.tokensUnder().ifPresent(tokens -> conditions.put("tokens-under", tokens));
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("when", conditions);
        said.put("category", rule.category());
        return said;
    }

    /** What a policy calls a kind of tokens. */
    static String key(TokenKind kind) {
        return kind.label().replace('_', '-');
    }

    private static Map<String, Object> price(Price price) {
        Map<String, Object> said = rates(price.base());
        new TreeMap<>(price.services())
                .forEach((tier, service) -> said.put(tier.label(), rates(service.base())));
        return said;
    }

    private static Map<String, Object> rates(Rates rates) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("input", usd(rates.input()));
        said.put("output", usd(rates.output()));
        rates.cacheRead().ifPresent(rate -> said.put("cache-read", usd(rate)));
        rates.cacheWrite().ifPresent(rate -> said.put("cache-write", usd(rate)));
        new TreeMap<>(rates.others()).forEach((kind, rate) -> said.put(key(kind), usd(rate)));
        return said;
    }

    private static BigDecimal usd(long rate) {
        return Money.ofNanos(rate).usd();
    }

    private static Map<String, Object> declared(DeclaredModel model) {
        Map<String, Object> said = new LinkedHashMap<>();
        if (model.contextTokens() > 0) {
            said.put("context", model.contextTokens());
        }
        if (model.outputTokens() > 0) {
            said.put("output", model.outputTokens());
        }
        said.put(
                "can",
                DeclaredModel.ABILITIES.stream()
                        .filter(name -> model.abilities().contains(DeclaredModel.BY_NAME.get(name)))
                        .toList());
        return said;
    }

    private static Map<String, Object> attempts(AttemptLimits limits, AttemptRules rules) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("max", limits.max());
        said.put("connect", span(limits.connect()));
        said.put("first-content", span(limits.firstContent()));
        said.put("idle", span(limits.idle()));
        said.put("total", span(limits.total()));
        if (!limits.keepAlive().equals(AttemptLimits.DEFAULT_KEEP_ALIVE)) {
            said.put("keep-alive", span(limits.keepAlive()));
        }
        if (!rules.retries().equals(RetryShare.DEFAULT)) {
            Map<String, Object> own = new LinkedHashMap<>();
            own.put("share", BigDecimal.valueOf(rules.retries().share()));
            own.put("per-second", rules.retries().perSecond());
            said.put("retries", own);
        }
        if (!rules.breaker().equals(BreakerSettings.DEFAULT)) {
            said.put("breaker", breaker(rules.breaker()));
        }
        rules.hedge().ifPresent(hedge -> said.put("hedge", hedge(hedge)));
        return said;
    }

    private static Map<String, Object> breaker(BreakerSettings breaker) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("failures", breaker.failures());
        said.put("share", BigDecimal.valueOf(breaker.share()));
        said.put("calls", breaker.calls());
        said.put("window", span(breaker.window()));
        said.put("open", span(breaker.open()));
        said.put("longest", span(breaker.longest()));
        return said;
    }

    private static Map<String, Object> hedge(HedgeSettings hedge) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("after", hedge.after().map(PolicyText::span).orElse(PolicyShape.P95));
        said.put("share", BigDecimal.valueOf(hedge.share()));
        return said;
    }

    private static Map<String, Object> sessions(SessionSettings sessions) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("stick", sessions.stick());
        said.put("max-switch-spend", BigDecimal.valueOf(sessions.maxSwitchSpend()));
        said.put("warm", span(sessions.warm()));
        said.put("keep", span(sessions.keep()));
        return said;
    }

    private static Map<String, Object> budgets(BudgetSettings budgets) {
        Map<String, Object> said = new LinkedHashMap<>();
        List<Map<String, Object>> limits = new ArrayList<>();
        for (BudgetRule rule : budgets.rules()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("of", rule.scope().label());
            one.put("limit", rule.limit().toString());
            one.put("enforce", rule.hard() ? "hard" : "soft");
            limits.add(one);
        }
        putUnlessEmpty(said, "limits", limits);
        budgets.unknownPrice().ifPresent(most -> said.put("unknown-price", Limit.text(most)));
        return said;
    }

    private static Map<String, Object> gateway(GatewaySettings gateway) {
        Map<String, Object> said = new LinkedHashMap<>();
        List<Map<String, Object>> keys = new ArrayList<>();
        for (GatewaySettings.Key key : gateway.keys()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", key.name());
            one.put("key", key.key().toString());
            keys.add(one);
        }
        putUnlessEmpty(said, "keys", keys);
        putUnlessEmpty(said, "hosts", gateway.hosts());
        GatewaySettings.Limits limits = gateway.limits();
        if (!limits.equals(GatewaySettings.Limits.DEFAULT)) {
            Map<String, Object> own = new LinkedHashMap<>();
            own.put("body", size(limits.body()));
            own.put("header", size(limits.header()));
            own.put("header-time", span(limits.headerTime()));
            own.put("idle", span(limits.idle()));
            own.put("connections", limits.connections());
            own.put("upstream-requests", limits.upstreamRequests());
            own.put("bodies-in-flight", BigDecimal.valueOf(limits.bodiesInFlight()));
            said.put("limits", own);
        }
        return said;
    }

    private static Map<String, Object> ledger(Policy policy) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("store-content", policy.storeContent());
        policy.ledgerUrl().ifPresent(url -> said.put("url", url.toString()));
        policy.ledgerKeep().ifPresent(age -> said.put("keep", span(age)));
        return said;
    }

    private static String size(long bytes) {
        return (bytes >> 10) + "KB";
    }

    static String span(Duration span) {
        return span.toMillisPart() == 0 ? span.toSeconds() + "s" : span.toMillis() + "ms";
    }

    private static void putUnlessEmpty(Map<String, Object> map, String key, Object value) {
        boolean empty =
                switch (value) {
                    case String text -> text.isEmpty();
                    case Collection<?> items -> items.isEmpty();
                    case Map<?, ?> entries -> entries.isEmpty();
                    default -> false;
                };
        if (!empty) {
            map.put(key, value);
        }
    }
}

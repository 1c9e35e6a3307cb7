package dev.pointsman.policy;

import dev.pointsman.budget.BudgetRule;
import dev.pointsman.budget.BudgetSettings;
import dev.pointsman.budget.Limit;
import dev.pointsman.budget.Scope;
import dev.pointsman.catalog.Catalog;
import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;
import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.TokenKind;
import dev.pointsman.wire.Format;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Turns a tree that has the shape of a policy into one. */
final class PolicyReader {

    private final Expansion expansion;
    private final Path folder;

    /**
     * @param folder what relative paths in the file are relative to
     */
    PolicyReader(Expansion expansion, Path folder) {
        this.expansion = expansion;
        this.folder = folder;
    }

    Policy read(Tree.Mapping root, Catalog catalog) {
        Policy.Builder builder = Policy.builder().catalog(catalog);
        each(root, "providers", (name, tree) -> builder.provider(provider(name, tree)));
        each(root, "categories", (name, tree) -> builder.category(category(name, tree)));
        each(root, "prices", (name, tree) -> builder.price(name, price(tree)));
        each(root, "models", (name, tree) -> builder.model(name, declared(tree)));
        each(root, "pools", (name, tree) -> builder.pool(pool(name, tree)));
        root.find("aliases")
                .map(Tree.Mapping.class::cast)
                .ifPresent(aliases -> texts(aliases).forEach(builder::alias));
        text(root, "baseline", builder::baseline);
        text(root, "default-category", builder::defaultCategory);
        mapping(root, "classify").ifPresent(classify -> builder.classify(classify(classify)));
        mapping(root, "attempts").ifPresent(attempts -> builder.attempts(attempts(attempts)));
        mapping(root, "attempts").ifPresent(attempts -> builder.attemptRules(rules(attempts)));
        mapping(root, "sessions").ifPresent(sessions -> builder.sessions(sessions(sessions)));
        mapping(root, "budgets").ifPresent(budgets -> builder.budgets(budgets(budgets)));
        mapping(root, "gateway").ifPresent(gateway -> builder.gateway(gateway(gateway)));
        mapping(root, "ledger")
                .ifPresent(ledger -> {
                    builder.storeContent(flag(ledger, "store-content", builder.storeContent));
                    scalar(ledger, "url").map(expansion::setting).ifPresent(builder::ledgerUrl);
                    scalar(ledger, "keep").flatMap(ShapeCheck::span).ifPresent(builder::ledgerKeep);
                });
        for (Tree rule : items(root, "rules")) {
            Tree.Mapping mapping = (Tree.Mapping) rule;
            builder.rule(
                    when(mapping(mapping, "when").orElseThrow()),
                    text(mapping, "category").orElseThrow());
        }
        try {
            return builder.checked();
        } catch (InvalidPolicy e) {
            throw new PolicyException(root.at(e.path()), e.words());
        }
    }

    private Provider provider(String name, Tree.Mapping tree) {
        return new Provider(
                name,
                Format.of(text(tree, "format").orElseThrow()).orElseThrow(),
                items(tree, "also").stream()
                        .map(item -> Format.of(text(item)).orElseThrow())
                        .toList(),
                scalar(tree, "base-url").map(expansion::setting).orElse(Setting.NONE),
                scalar(tree, "api-key").map(expansion::key),
                text(tree, "catalog").orElse(name),
                settings(tree, "headers"),
                settings(tree, "query"),
                scalar(tree, "proxy").map(expansion::setting),
                text(tree, "ca").map(folder::resolve),
                choice(tree, "usage", Provider.StreamUsage.values(), Provider.StreamUsage::label)
                        .orElse(Provider.StreamUsage.ASK),
                mapping(tree, "limits")
                        .map(PolicyReader::deploymentLimits)
                        .orElse(DeploymentLimits.DEFAULT),
                mapping(tree, "faults").map(this::faults));
    }

    private static DeploymentLimits deploymentLimits(Tree.Mapping tree) {
        return new DeploymentLimits(
                (int) whole(tree, "concurrent").orElse(0),
                whole(tree, "requests-per-minute").orElse(0),
                whole(tree, "tokens-per-minute").orElse(0));
    }

    private static Pool pool(String name, Tree.Mapping tree) {
        Map<String, Integer> models = new LinkedHashMap<>();
        mapping(tree, "models")
                .orElseThrow()
                .values()
                .forEach((model, weight) ->
                        models.put(
                                model,
                                ((BigDecimal) ((Tree.Scalar) weight).value()).intValueExact()));
        return new Pool(
                name,
                choice(tree, "balance", Pool.Balance.values(), Pool.Balance::label)
                        .orElse(Pool.Balance.WEIGHTED),
                models);
    }

    private Faults faults(Tree.Mapping tree) {
        Faults faults =
                new Faults(
                        Map.of(),
                        items(tree, "script").stream()
                                .map(item -> named(text(item), Fault.values(), Fault::label))
                                .toList(),
                        whole(tree, "seed"));
        for (Fault fault : Faults.shared()) {
            if (tree.find(fault.label()).isPresent()) {
                faults = faults.share(fault, share(tree, fault.label(), 0));
            }
        }
        return faults;
    }

    private Map<String, Setting> settings(Tree.Mapping tree, String key) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        mapping(tree, key)
                .ifPresent(all ->
                        all.values()
                                .forEach((name, value) ->
                                        settings.put(
                                                name, expansion.setting((Tree.Scalar) value))));
        return settings;
    }

    private Category category(String name, Tree.Mapping tree) {
        return new Category(
                name,
                text(tree, "description").orElse(""),
                items(tree, "examples").stream()
                        .map(example -> ((Tree.Scalar) example).text())
                        .toList(),
                items(tree, "models").stream().map(this::text).toList(),
                choice(tree, "strategy", Strategy.values(), Strategy::label).orElse(Strategy.ORDER),
                whole(tree, "expected-output").orElse(Category.DEFAULT_EXPECTED_OUTPUT));
    }

    private ClassifySettings classify(Tree.Mapping tree) {
        List<ClassifySettings.Stage> use =
                items(tree, "use").stream()
                        .map(item ->
                                named(
                                        text(item),
                                        ClassifySettings.Stage.values(),
                                        ClassifySettings.Stage::label))
                        .toList();
        return new ClassifySettings(
                tree.find("use").isPresent() ? use : ClassifySettings.rulesThenLocal().use(),
                mapping(tree, "local").map(this::local).orElse(ClassifySettings.Local.DEFAULT),
                mapping(tree, "triage").map(this::triage));
    }

    private ClassifySettings.Local local(Tree.Mapping tree) {
        ClassifySettings.Local usual = ClassifySettings.Local.DEFAULT;
        return new ClassifySettings.Local(
                share(tree, "threshold", usual.threshold()),
                text(tree, "unsure").orElse(usual.unsure()),
                text(tree, "model").map(folder::resolve));
    }

    private ClassifySettings.Triage triage(Tree.Mapping tree) {
        return new ClassifySettings.Triage(
                text(tree, "model").orElseThrow(),
                (int)
                        whole(tree, "prompt-chars")
                                .orElse(ClassifySettings.Triage.DEFAULT_PROMPT_CHARS),
                (int) whole(tree, "max-tokens").orElse(ClassifySettings.Triage.DEFAULT_MAX_TOKENS),
                span(tree, "timeout", ClassifySettings.Triage.DEFAULT_TIMEOUT));
    }

    private Rule.When when(Tree.Mapping tree) {
        return new Rule.When(
                oneOrMore(tree, "caller"),
                mapping(tree, "tag").map(this::texts).orElse(Map.of()),
                oneOrMore(tree, "has").contains("image"),
                oneOrMore(tree, "starts-with"),
                oneOrMore(tree, "contains"),
                whole(tree, "tokens-over"),
                whole(tree, "tokens-under"));
    }

    private static AttemptLimits attempts(Tree.Mapping tree) {
        AttemptLimits usual = AttemptLimits.DEFAULT;
        return new AttemptLimits(
                (int) whole(tree, "max").orElse(usual.max()),
                span(tree, "connect", usual.connect()),
                span(tree, "first-content", usual.firstContent()),
                span(tree, "idle", usual.idle()),
                span(tree, "total", usual.total()),
                span(tree, "keep-alive", usual.keepAlive()));
    }

    private static AttemptRules rules(Tree.Mapping tree) {
        AttemptRules usual = AttemptRules.DEFAULT;
        return new AttemptRules(
                checked(mapping(tree, "retries"), "attempts.retries", PolicyReader::retries)
                        .orElse(usual.retries()),
                checked(mapping(tree, "breaker"), "attempts.breaker", PolicyReader::breaker)
                        .orElse(usual.breaker()),
                checked(mapping(tree, "hedge"), "attempts.hedge", PolicyReader::hedge));
    }

    /** What checks itself: where it says no, the file is told where. */
    private static <R extends Tree, T> Optional<T> checked(
            Optional<R> tree, String where, Function<R, T> read) {
        try {
            return tree.map(read);
        } catch (IllegalArgumentException e) {
            throw new PolicyException(tree.orElseThrow().mark(), where + ": " + e.getMessage());
        }
    }

    private static RetryShare retries(Tree.Mapping tree) {
        RetryShare usual = RetryShare.DEFAULT;
        return new RetryShare(
                share(tree, "share", usual.share()),
                (int) whole(tree, "per-second").orElse(usual.perSecond()));
    }

    private static BreakerSettings breaker(Tree.Mapping tree) {
        BreakerSettings usual = BreakerSettings.DEFAULT;
        return new BreakerSettings(
                (int) whole(tree, "failures").orElse(usual.failures()),
                share(tree, "share", usual.share()),
                (int) whole(tree, "calls").orElse(usual.calls()),
                span(tree, "window", usual.window()),
                span(tree, "open", usual.open()),
                span(tree, "longest", usual.longest()));
    }

    private static HedgeSettings hedge(Tree.Mapping tree) {
        Tree after = tree.find("after").orElseThrow();
        return new HedgeSettings(
                ShapeCheck.span(after), share(tree, "share", HedgeSettings.DEFAULT_SHARE));
    }

    private static SessionSettings sessions(Tree.Mapping tree) {
        SessionSettings usual = SessionSettings.DEFAULT;
        return new SessionSettings(
                flag(tree, "stick", usual.stick()),
                share(tree, "max-switch-spend", usual.maxSwitchSpend()),
                span(tree, "warm", usual.warm()),
                span(tree, "keep", usual.keep()));
    }

    private BudgetSettings budgets(Tree.Mapping tree) {
        List<BudgetRule> rules = new ArrayList<>();
        for (Tree item : items(tree, "limits")) {
            Tree.Mapping rule = (Tree.Mapping) item;
            String where = "budgets.limits[" + rules.size() + "]";
            rules.add(
                    new BudgetRule(
                            checked(scalar(rule, "of"), where + ".of", of -> Scope.of(text(of)))
                                    .orElseThrow(),
                            checked(
                                            scalar(rule, "limit"),
                                            where + ".limit",
                                            limit -> Limit.of(text(limit)))
                                    .orElseThrow(),
                            !text(rule, "enforce").equals(Optional.of("soft"))));
        }
        return new BudgetSettings(
                rules,
                checked(
                        scalar(tree, "unknown-price"),
                        "budgets.unknown-price",
                        price -> Limit.amount(text(price))));
    }

    private GatewaySettings gateway(Tree.Mapping tree) {
        List<GatewaySettings.Key> keys =
                items(tree, "keys").stream()
                        .map(Tree.Mapping.class::cast)
                        .map(key ->
                                new GatewaySettings.Key(
                                        text(key, "name").orElseThrow(),
                                        expansion.key(scalar(key, "key").orElseThrow())))
                        .toList();
        return new GatewaySettings(
                keys,
                items(tree, "hosts").stream().map(this::text).toList(),
                mapping(tree, "limits")
                        .map(PolicyReader::limits)
                        .orElse(GatewaySettings.Limits.DEFAULT));
    }

    private static GatewaySettings.Limits limits(Tree.Mapping tree) {
        GatewaySettings.Limits usual = GatewaySettings.Limits.DEFAULT;
        return new GatewaySettings.Limits(
                size(tree, "body", usual.body()),
                (int) size(tree, "header", usual.header()),
                span(tree, "header-time", usual.headerTime()),
                span(tree, "idle", usual.idle()),
                (int) whole(tree, "connections").orElse(usual.connections()),
                (int) whole(tree, "upstream-requests").orElse(usual.upstreamRequests()),
                share(tree, "bodies-in-flight", usual.bodiesInFlight()));
    }

    private static Price price(Tree.Mapping tree) {
        Map<ServiceTier, Price.Service> services = new EnumMap<>(ServiceTier.class);
        for (ServiceTier tier : ServiceTier.values()) {
            mapping(tree, tier.label())
                    .ifPresent(
                            said -> services.put(tier, new Price.Service(rates(said), List.of())));
        }
        return new Price(rates(tree), List.of(), services, PolicyText.PRICE_VERSION);
    }

    private static Rates rates(Tree.Mapping tree) {
        Rates rates =
                new Rates(
                        rate(tree, "input").orElseThrow(),
                        rate(tree, "output").orElseThrow(),
                        rate(tree, "cache-read"),
                        rate(tree, "cache-write"));
        for (TokenKind kind : Rates.OTHERS) {
            OptionalLong rate = rate(tree, PolicyText.key(kind));
            if (rate.isPresent()) {
                rates = rates.with(kind, rate.getAsLong());
            }
        }
        return rates;
    }

    private DeclaredModel declared(Tree.Mapping tree) {
        return new DeclaredModel(
                whole(tree, "context").orElse(0),
                whole(tree, "output").orElse(0),
                items(tree, "can").stream()
                        .map(item -> DeclaredModel.BY_NAME.get(text(item)))
                        .collect(Collectors.toSet()));
    }

    private static OptionalLong rate(Tree.Mapping tree, String key) {
        return scalar(tree, key)
                .map(scalar -> OptionalLong.of(Rates.rate(scalar.text())))
                .orElse(OptionalLong.empty());
    }

    private void each(Tree.Mapping root, String section, BiConsumer<String, Tree.Mapping> each) {
        mapping(root, section)
                .ifPresent(all ->
                        all.values()
                                .forEach((name, value) -> each.accept(name, (Tree.Mapping) value)));
    }

    private static Optional<Tree.Mapping> mapping(Tree.Mapping tree, String key) {
        return tree.find(key).map(Tree.Mapping.class::cast);
    }

    private static Optional<Tree.Scalar> scalar(Tree.Mapping tree, String key) {
        return tree.find(key).map(Tree.Scalar.class::cast);
    }

    private static List<Tree> items(Tree.Mapping tree, String key) {
        return tree.find(key).map(list -> ((Tree.Sequence) list).items()).orElse(List.of());
    }

    private List<String> oneOrMore(Tree.Mapping tree, String key) {
        return switch (tree.find(key).orElse(new Tree.Sequence(List.of(), tree.mark()))) {
            case Tree.Sequence sequence -> sequence.items().stream().map(this::text).toList();
            case Tree one -> List.of(text(one));
        };
    }

    private Map<String, String> texts(Tree.Mapping tree) {
        Map<String, String> texts = new LinkedHashMap<>();
        tree.values().forEach((name, value) -> texts.put(name, text(value)));
        return texts;
    }

    private String text(Tree tree) {
        return expansion.text((Tree.Scalar) tree);
    }

    private Optional<String> text(Tree.Mapping tree, String key) {
        return tree.find(key).map(this::text);
    }

    private void text(Tree.Mapping tree, String key, Consumer<String> then) {
        text(tree, key).ifPresent(then);
    }

    private static OptionalLong whole(Tree.Mapping tree, String key) {
        return scalar(tree, key)
                .map(scalar -> OptionalLong.of(((BigDecimal) scalar.value()).longValueExact()))
                .orElse(OptionalLong.empty());
    }

    private static Duration span(Tree.Mapping tree, String key, Duration usual) {
        return tree.find(key).flatMap(ShapeCheck::span).orElse(usual);
    }

    private static long size(Tree.Mapping tree, String key, long usual) {
        return tree.find(key).flatMap(ShapeCheck::size).orElse(usual);
    }

    private static double share(Tree.Mapping tree, String key, double usual) {
        return scalar(tree, key)
                .map(scalar -> ((BigDecimal) scalar.value()).doubleValue())
                .orElse(usual);
    }

    private static boolean flag(Tree.Mapping tree, String key, boolean usual) {
        return scalar(tree, key).map(scalar -> (Boolean) scalar.value()).orElse(usual);
    }

    private static <T> Optional<T> choice(
            Tree.Mapping tree, String key, T[] all, Function<T, String> label) {
        return scalar(tree, key).map(scalar -> named(scalar.text(), all, label));
    }

    private static <T> T named(String name, T[] all, Function<T, String> label) {
        return Arrays.stream(all)
                .filter(one -> label.apply(one).equals(name))
                .findFirst()
                .orElseThrow();
    }
}

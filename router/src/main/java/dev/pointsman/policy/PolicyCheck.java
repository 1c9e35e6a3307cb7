package dev.pointsman.policy;

import dev.pointsman.budget.BudgetRule;
import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Price;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What a policy must hold beyond its shape: every name it uses exists, nothing goes in circles. */
final class PolicyCheck {

    private final Policy.Builder policy;

    PolicyCheck(Policy.Builder policy) {
        this.policy = policy;
    }

    /** Checks all that {@link #route}, {@link #triage} and {@link #baseline} do not. */
    void everything() {
        policy.aliases.keySet().forEach(this::checkAlias);
        policy.pools.values().forEach(this::checkPool);
        policy.providers.values().forEach(this::checkProvider);
        policy.prices.keySet().forEach(model -> checkProviderOf(model, "prices"));
        policy.models.keySet().forEach(model -> checkProviderOf(model, "models"));
        checkCategories();
        checkAttempts();
        checkBudgets();
        checkGateway();
        checkLedger();
    }

    List<Deployment> route(Category category) {
        List<Deployment> route = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (int i = 0; i < category.models().size(); i++) {
            List<String> path =
                    List.of("categories", category.name(), "models", Integer.toString(i));
            for (Deployment deployment : places(category.models().get(i), path)) {
                if (!seen.add(deployment.model().ref())) {
                    throw new InvalidPolicy(
                            path, deployment.model().ref() + " stands in this list twice");
                }
                route.add(deployment);
            }
        }
        return List.copyOf(route);
    }

    /** The places of a pool, or the one model of another name. */
    List<Deployment> places(String name, List<String> path) {
        Pool pool = policy.pools.get(name);
        if (pool == null) {
            return List.of(resolve(name, path));
        }
        return pool.models().entrySet().stream()
                .map(model -> resolve(model.getKey(), path).in(pool, model.getValue()))
                .toList();
    }

    Deployment triage(ClassifySettings.Triage triage) {
        return resolve(triage.model(), List.of("classify", "triage", "model"));
    }

    Model baseline(String name) {
        return resolve(name, List.of("baseline")).model();
    }

    /** The model of an alias or {@code provider/id}. */
    Deployment resolve(String name, List<String> path) {
        String ref = followAliases(name);
        int slash = ref.indexOf('/');
        if (policy.pools.containsKey(ref)) {
            throw new InvalidPolicy(path, "\"" + ref + "\" is a pool; one model is needed here");
        }
        if (slash <= 0 || slash == ref.length() - 1) {
            throw new InvalidPolicy(
                    path,
                    "\""
                            + ref
                            + "\" is neither provider/model nor an alias"
                            + Nearest.hint(ref, knownModels()));
        }
        Provider provider = policy.providers.get(ref.substring(0, slash));
        if (provider == null) {
            throw new InvalidPolicy(
                    path,
                    "the model \""
                            + ref
                            + "\" names a provider that is not configured"
                            + Nearest.hint(ref, knownModels()));
        }
        String id = ref.substring(slash + 1);
        boolean said =
                policy.prices.containsKey(ref)
                        || policy.models.containsKey(ref)
                        || provider.faultNames().contains(id);
        boolean closedList = policy.catalog.providers().contains(provider.catalog());
        if (closedList && !said && policy.catalog.find(provider.catalog(), id).isEmpty()) {
            throw new InvalidPolicy(
                    path,
                    "the catalogue has no model \""
                            + ref
                            + "\""
                            + Nearest.hint(ref, knownModels())
                            + " (a new model becomes known by an entry under models or prices)");
        }
        return called(provider, id);
    }

    /** A model at a provider, with what is known of it, if anything. */
    Deployment called(Provider provider, String id) {
        String ref = provider.name() + "/" + id;
        Model model =
                policy.catalog
                        .find(provider.catalog(), id)
                        .orElseGet(() -> Model.unknown(provider.name(), id))
                        .withProvider(provider.name());
        DeclaredModel declared = policy.models.get(ref);
        if (declared != null) {
            model = declaredAs(model, declared);
        }
        Price price = policy.prices.get(ref);
        return new Deployment(price == null ? model : model.withPrice(price), provider);
    }

    private static Model declaredAs(Model model, DeclaredModel declared) {
        Set<Ability> abilities = EnumSet.of(Ability.TEXT_OUTPUT);
        abilities.addAll(declared.abilities());
        return new Model(
                model.provider(),
                model.id(),
                model.family(),
                declared.contextTokens() > 0 ? declared.contextTokens() : model.contextTokens(),
                model.inputTokens(),
                declared.outputTokens() > 0 ? declared.outputTokens() : model.outputTokens(),
                abilities,
                true,
                model.price());
    }

    private String followAliases(String name) {
        String current = name;
        Set<String> seen = new LinkedHashSet<>();
        while (policy.aliases.containsKey(current)) {
            if (!seen.add(current)) {
                throw new InvalidPolicy(
                        List.of("aliases", current),
                        "this alias leads back to itself: "
                                + String.join(" -> ", seen)
                                + " -> "
                                + current);
            }
            current = policy.aliases.get(current);
        }
        return current;
    }

    private void checkAlias(String alias) {
        List<String> path = List.of("aliases", alias);
        if (alias.contains("/") || alias.equals("auto")) {
            throw new InvalidPolicy(
                    path, "an alias is a name without a slash, other than auto: \"" + alias + "\"");
        }
        resolve(alias, path);
    }

    private void checkPool(Pool pool) {
        List<String> path = List.of("pools", pool.name());
        if (pool.name().contains("/")
                || pool.name().equals("auto")
                || policy.aliases.containsKey(pool.name())) {
            throw new InvalidPolicy(
                    path,
                    "a pool is a name without a slash, other than auto and the aliases: \""
                            + pool.name()
                            + "\"");
        }
        if (pool.models().isEmpty()) {
            throw new InvalidPolicy(path, "a pool needs at least one model");
        }
        Set<String> seen = new LinkedHashSet<>();
        pool.models()
                .forEach((model, weight) -> {
                    List<String> place = List.of("pools", pool.name(), "models", model);
                    String ref = resolve(model, place).model().ref();
                    if (weight < 1) {
                        throw new InvalidPolicy(place, "a weight is 1 or more, not " + weight);
                    }
                    if (!seen.add(ref)) {
                        throw new InvalidPolicy(place, ref + " stands in this pool twice");
                    }
                });
    }

    private void checkProvider(Provider provider) {
        List<String> path = List.of("providers", provider.name());
        if (provider.name().contains("/")) {
            throw new InvalidPolicy(
                    path, "a provider's name has no slash: \"" + provider.name() + "\"");
        }
        if (provider.faults().isEmpty() || !provider.baseUrl().equals(Setting.NONE)) {
            checkUrl(provider.baseUrl(), List.of("providers", provider.name(), "base-url"));
        }
        provider.faults()
                .ifPresent(faults ->
                        checkFaults(faults, List.of("providers", provider.name(), "faults")));
        provider.proxy()
                .ifPresent(
                        proxy -> checkUrl(proxy, List.of("providers", provider.name(), "proxy")));
        provider.ca()
                .filter(file -> !Files.isReadable(file))
                .ifPresent(file -> {
                    throw new InvalidPolicy(
                            List.of("providers", provider.name(), "ca"),
                            "the file " + file + " cannot be read");
                });
        boolean closedList = policy.catalog.providers().contains(provider.catalog());
        if (!closedList && !provider.catalog().equals(provider.name())) {
            throw new InvalidPolicy(
                    List.of("providers", provider.name(), "catalog"),
                    "the catalogue has no provider \""
                            + provider.catalog()
                            + "\""
                            + Nearest.hint(provider.catalog(), policy.catalog.providers()));
        }
    }

    private static void checkFaults(Faults faults, List<String> path) {
        if (faults.shares().values().stream().anyMatch(share -> !(share >= 0 && share <= 1))) {
            throw new InvalidPolicy(path, "a share is from 0 to 1");
        }
        BigDecimal sum =
                faults.shares().values().stream()
                        .map(BigDecimal::valueOf)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
        if (sum.compareTo(BigDecimal.ONE) > 0) {
            throw new InvalidPolicy(
                    path,
                    "the shares come to "
                            + sum.toPlainString()
                            + " together, and may come to 1 at most");
        }
        if (!faults.script().isEmpty()
                && (!faults.shares().isEmpty() || faults.seed().isPresent())) {
            throw new InvalidPolicy(
                    path,
                    "a script leaves nothing to chance: say either script, or shares and seed");
        }
    }

    private void checkLedger() {
        policy.ledgerKeep
                .filter(age -> age.compareTo(Duration.ofHours(1)) < 0)
                .ifPresent(age -> {
                    throw new InvalidPolicy(
                            List.of("ledger", "keep"), "ledger.keep must be an hour or more");
                });
        policy.ledgerUrl
                .filter(url -> url.value().isPresent())
                .filter(url -> !url.reveal().matches("postgres(ql)?://.+"))
                .ifPresent(url -> {
                    throw new InvalidPolicy(
                            List.of("ledger", "url"),
                            "ledger.url must be postgresql://user:password@host/database");
                });
    }

    private static void checkUrl(Setting setting, List<String> path) {
        URI uri;
        try {
            uri = URI.create(setting.reveal());
        } catch (IllegalArgumentException e) {
            throw new InvalidPolicy(path, "this is no URL: " + setting);
        }
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw new InvalidPolicy(path, "expected http://host or https://host, found " + setting);
        }
    }

    private void checkProviderOf(String model, String section) {
        int slash = model.indexOf('/');
        if (slash <= 0 || !policy.providers.containsKey(model.substring(0, slash))) {
            throw new InvalidPolicy(
                    List.of(section, model),
                    "\""
                            + model
                            + "\" is not provider/model of a configured provider"
                            + Nearest.hint(model, knownModels()));
        }
    }

    private void checkCategories() {
        if (policy.categories.isEmpty()) {
            throw new InvalidPolicy(List.of("categories"), "a policy needs at least one category");
        }
        for (Category category : policy.categories.values()) {
            if (!category.name().matches("[A-Za-z0-9_.-]+")) {
                throw new InvalidPolicy(
                        List.of("categories", category.name()),
                        "a category's name is letters, digits, dots, dashes and underscores: \""
                                + category.name()
                                + "\"");
            }
            for (int i = 0; i < category.examples().size(); i++) {
                if (category.examples().get(i).isBlank()) {
                    throw new InvalidPolicy(
                            List.of("categories", category.name(), "examples", Integer.toString(i)),
                            "an example must say something");
                }
            }
            if (category.models().isEmpty()) {
                throw new InvalidPolicy(
                        List.of("categories", category.name(), "models"),
                        "a category needs at least one model");
            }
        }
        requireCategory(policy.defaultCategory, List.of("default-category"));
        checkLocal(policy.classify.local());
        for (int i = 0; i < policy.rules.size(); i++) {
            requireCategory(
                    policy.rules.get(i).category(),
                    List.of("rules", Integer.toString(i), "category"));
            if (policy.rules.get(i).when().equals(Rule.When.ANY)) {
                throw new InvalidPolicy(
                        List.of("rules", Integer.toString(i), "when"), "a rule needs a condition");
            }
        }
        boolean asks = policy.classify.use().contains(ClassifySettings.Stage.TRIAGE);
        if (asks && policy.classify.triage().isEmpty()) {
            throw new InvalidPolicy(
                    List.of("classify", "use"),
                    "use lists triage, but classify.triage.model is not said");
        }
    }

    private void checkLocal(ClassifySettings.Local local) {
        if (!(local.threshold() >= 0 && local.threshold() <= 1)) {
            throw new InvalidPolicy(
                    List.of("classify", "local", "threshold"),
                    "a threshold is from 0 to 1, not " + local.threshold());
        }
        Set<String> names = new LinkedHashSet<>(policy.categories.keySet());
        names.add(ClassifySettings.Local.GUESS);
        names.add(ClassifySettings.Local.DEFAULT_CATEGORY);
        if (!names.contains(local.unsure())) {
            throw new InvalidPolicy(
                    List.of("classify", "local", "unsure"),
                    "expected guess, default or a category, found \""
                            + local.unsure()
                            + "\""
                            + Nearest.hint(local.unsure(), names));
        }
        local.model()
                .filter(file -> !Files.isReadable(file))
                .ifPresent(file -> {
                    throw new InvalidPolicy(
                            List.of("classify", "local", "model"),
                            "the file " + file + " cannot be read");
                });
    }

    private void requireCategory(String name, List<String> path) {
        if (!policy.categories.containsKey(name)) {
            throw new InvalidPolicy(
                    path,
                    "there is no category \""
                            + name
                            + "\""
                            + Nearest.hint(name, policy.categories.keySet())
                            + "; categories are "
                            + Nearest.list(List.copyOf(policy.categories.keySet())));
        }
    }

    private void checkBudgets() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < policy.budgets.rules().size(); i++) {
            BudgetRule rule = policy.budgets.rules().get(i);
            if (!seen.add(rule.scope().label() + " " + rule.limit().period())) {
                throw new InvalidPolicy(
                        List.of("budgets", "limits", Integer.toString(i)),
                        "there are two limits of " + rule.scope().label() + " for the same period");
            }
        }
    }

    private void checkGateway() {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < policy.gateway.keys().size(); i++) {
            GatewaySettings.Key key = policy.gateway.keys().get(i);
            if (!names.add(key.name())) {
                throw new InvalidPolicy(
                        List.of("gateway", "keys", Integer.toString(i), "name"),
                        "two keys are named \"" + key.name() + "\"");
            }
        }
        GatewaySettings.Limits limits = policy.gateway.limits();
        if (!(limits.bodiesInFlight() > 0 && limits.bodiesInFlight() <= 1)) {
            throw new InvalidPolicy(
                    List.of("gateway", "limits", "bodies-in-flight"),
                    "a share of the heap is more than 0 and at most 1, not "
                            + limits.bodiesInFlight());
        }
    }

    private void checkAttempts() {
        AttemptLimits limits = policy.attempts;
        List<Duration> spans =
                List.of(
                        limits.connect(),
                        limits.firstContent(),
                        limits.idle(),
                        limits.total(),
                        limits.keepAlive());
        if (limits.max() < 1 || !spans.stream().allMatch(Duration::isPositive)) {
            throw new InvalidPolicy(List.of("attempts"), "every limit must be more than zero");
        }
    }

    Set<String> knownModels() {
        Set<String> names = new LinkedHashSet<>(policy.aliases.keySet());
        names.addAll(policy.pools.keySet());
        Stream.concat(policy.models.keySet().stream(), policy.prices.keySet().stream())
                .filter(name -> name.indexOf('/') > 0)
                .forEach(names::add);
        for (Provider provider : policy.providers.values()) {
            policy.catalog
                    .ids(provider.catalog())
                    .forEach(id -> names.add(provider.name() + "/" + id));
            provider.faultNames().forEach(id -> names.add(provider.name() + "/" + id));
        }
        return names;
    }
}

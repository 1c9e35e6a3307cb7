package dev.pointsman.policy;

import dev.pointsman.budget.BudgetSettings;
import dev.pointsman.catalog.Catalog;
import dev.pointsman.core.Model;
import dev.pointsman.core.Price;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The whole configuration of routing: checked when made, frozen, and identified by the hash of its
 * content. Immutable and thread-safe.
 *
 * <p>A policy comes from a file laid over the built-in one ({@link PolicyFile}), or from code
 * ({@link #builder()}), which can say all that a file can.
 */
public final class Policy {

    private final Builder said;
    private final Map<String, List<Deployment>> routes;
    private final Map<String, Deployment> byRef;
    private final Optional<Deployment> triage;
    private final Optional<Model> baselineModel;
    private final String hash;

    private Policy(Builder builder) {
        this.said = builder;
        PolicyCheck check = new PolicyCheck(builder);
        check.everything();
        Map<String, List<Deployment>> resolved = new LinkedHashMap<>();
        for (Category category : builder.categories.values()) {
            resolved.put(category.name(), check.route(category));
        }
        this.routes = Collections.unmodifiableMap(resolved);
        this.byRef =
                resolved.values().stream()
                        .flatMap(List::stream)
                        .collect(
                                Collectors.toMap(
                                        one -> one.model().ref(),
                                        one -> one,
                                        (first, second) -> first));
        this.triage = builder.classify.triage().map(check::triage);
        this.baselineModel = builder.baseline.map(check::baseline);
        this.hash = PolicyText.hash(this);
    }

    /**
     * Loads a policy file laid over the built-in policy, with the environment of this process.
     *
     * @throws PolicyException if the file cannot be read or is wrong
     */
    public static Policy load(Path file) {
        return PolicyFile.of(file).load();
    }

    /**
     * Reads policy text laid over the built-in policy, with the environment of this process.
     *
     * @param name what error messages call it
     * @throws PolicyException if it is wrong
     */
    public static Policy parse(String yaml, String name) {
        return PolicyFile.text(yaml, name).load();
    }

    /** The policy that comes with Pointsman, with the keys in the environment of this process. */
    public static Policy builtIn() {
        return PolicyFile.builtIn().load();
    }

    /** A policy from nothing. */
    public static Builder builder() {
        return new Builder();
    }

    /** A policy that changes some of this one. */
    public Builder toBuilder() {
        return new Builder(said);
    }

    public Map<String, Provider> providers() {
        return Collections.unmodifiableMap(said.providers);
    }

    public Map<String, Category> categories() {
        return Collections.unmodifiableMap(said.categories);
    }

    public String defaultCategory() {
        return said.defaultCategory;
    }

    public ClassifySettings classify() {
        return said.classify;
    }

    public List<Rule> rules() {
        return Collections.unmodifiableList(said.rules);
    }

    /** Prices that override or add to the catalogue, by {@code provider/id}. */
    public Map<String, Price> prices() {
        return Collections.unmodifiableMap(said.prices);
    }

    /** Models the catalogue lacks or has wrong, by {@code provider/id}. */
    public Map<String, DeclaredModel> models() {
        return Collections.unmodifiableMap(said.models);
    }

    public Map<String, String> aliases() {
        return Collections.unmodifiableMap(said.aliases);
    }

    /** The name of the model one would have used without routing. */
    public Optional<String> baseline() {
        return said.baseline;
    }

    public AttemptLimits attempts() {
        return said.attempts;
    }

    public AttemptRules attemptRules() {
        return said.attemptRules;
    }

    /** Places of one model each, by the name that stands for them. */
    public Map<String, Pool> pools() {
        return Collections.unmodifiableMap(said.pools);
    }

    /** How a conversation stays with its model. */
    public SessionSettings sessions() {
        return said.sessions;
    }

    /** What may be spent. */
    public BudgetSettings budgets() {
        return said.budgets;
    }

    public GatewaySettings gateway() {
        return said.gateway;
    }

    /** Whether the ledger keeps prompts and answers. */
    public boolean storeContent() {
        return said.storeContent;
    }

    /** The database in which the ledger is, {@code postgresql://...}; empty for a file. */
    public Optional<Setting> ledgerUrl() {
        return said.ledgerUrl;
    }

    /** How old what the ledger holds gets before it is deleted; empty keeps it for ever. */
    public Optional<Duration> ledgerKeep() {
        return said.ledgerKeep;
    }

    public Catalog catalog() {
        return said.catalog;
    }

    /** The models of a category as the policy lists them; empty if there is no such category. */
    public List<Deployment> route(String category) {
        return routes.getOrDefault(category, List.of());
    }

    /** The model that is asked for a category. */
    public Optional<Deployment> triage() {
        return triage;
    }

    /** The model one would have used without routing, with its price. */
    public Optional<Model> baselineModel() {
        return baselineModel;
    }

    /**
     * What is known of a model: an alias, or {@code provider/id} of a configured provider.
     *
     * @throws PolicyException if there is no such model; says the nearest name
     */
    public Model model(String name) {
        return deployment(name).model();
    }

    /**
     * A model and where it would be called: an alias, or {@code provider/id} of a configured
     * provider.
     *
     * @throws PolicyException if there is no such model; says the nearest name
     */
    public Deployment deployment(String name) {
        Deployment routed = byRef.get(name);
        if (routed != null) {
            return routed;
        }
        try {
            return new PolicyCheck(said).resolve(name, List.of());
        } catch (InvalidPolicy e) {
            throw new PolicyException(e.words());
        }
    }

    /**
     * Where a name leads: the places of a pool, or the one model that {@link #deployment(String)}
     * says.
     *
     * @throws PolicyException if there is no such model; says the nearest name
     */
    public List<Deployment> deployments(String name) {
        try {
            return said.pools.containsKey(name)
                    ? new PolicyCheck(said).places(name, List.of())
                    : List.of(deployment(name));
        } catch (InvalidPolicy e) {
            throw new PolicyException(e.words());
        }
    }

    /**
     * A model of a configured provider, whether or not anything is known of it.
     *
     * @param provider the name of a provider of this policy
     * @param id the provider's own name for the model
     */
    public Deployment deployment(Provider provider, String id) {
        Deployment routed = byRef.get(provider.name() + "/" + id);
        return routed != null ? routed : new PolicyCheck(said).called(provider, id);
    }

    /** Every name that a model can be called by: aliases, and {@code provider/id}. */
    public Set<String> modelNames() {
        return new PolicyCheck(said).knownModels();
    }

    /**
     * Twelve hexadecimal digits that change whenever anything of the policy does; keys do not
     * count.
     */
    public String hash() {
        return hash;
    }

    /**
     * The whole policy as YAML, as a file could say it. Keys are shown as {@code ${NAME}} or {@code
     * ***}.
     */
    public String toYaml() {
        return PolicyText.yaml(this);
    }

    /**
     * The whole policy as JSON, in the shape of the file. Keys are shown as in {@link #toYaml()}.
     */
    public String toJson() {
        return PolicyText.json(this);
    }

    @Override
    public String toString() {
        return "Policy[" + hash + ", " + said.categories.size() + " categories]";
    }

    /** Says a policy in code, by the names of the file. Not thread-safe. */
    public static final class Builder {
        final Map<String, Provider> providers = new LinkedHashMap<>();
        private final Set<String> added = new HashSet<>();
        final Map<String, Category> categories = new LinkedHashMap<>();
        final List<Rule> rules = new ArrayList<>();
        final Map<String, Price> prices = new LinkedHashMap<>();
        final Map<String, DeclaredModel> models = new LinkedHashMap<>();
        final Map<String, String> aliases = new LinkedHashMap<>();
        Optional<String> baseline = Optional.empty();
        String defaultCategory = "generation";
        ClassifySettings classify = ClassifySettings.rulesThenLocal();
        final Map<String, Pool> pools = new LinkedHashMap<>();
        AttemptLimits attempts = AttemptLimits.DEFAULT;
        AttemptRules attemptRules = AttemptRules.DEFAULT;
        SessionSettings sessions = SessionSettings.DEFAULT;
        BudgetSettings budgets = BudgetSettings.NONE;
        GatewaySettings gateway = GatewaySettings.DEFAULT;
        boolean storeContent;
        Optional<Setting> ledgerUrl = Optional.empty();
        Optional<Duration> ledgerKeep = Optional.empty();
        Catalog catalog = Catalog.builtIn();

        private Builder() {}

        private Builder(Builder other) {
            providers.putAll(other.providers);
            categories.putAll(other.categories);
            rules.addAll(other.rules);
            prices.putAll(other.prices);
            models.putAll(other.models);
            aliases.putAll(other.aliases);
            baseline = other.baseline;
            defaultCategory = other.defaultCategory;
            classify = other.classify;
            pools.putAll(other.pools);
            attempts = other.attempts;
            attemptRules = other.attemptRules;
            sessions = other.sessions;
            budgets = other.budgets;
            gateway = other.gateway;
            storeContent = other.storeContent;
            ledgerUrl = other.ledgerUrl;
            ledgerKeep = other.ledgerKeep;
            catalog = other.catalog;
        }

        /**
         * Replaces the provider of that name, or adds one: after those added before it, and before
         * those of the policy that this one began as.
         */
        public Builder provider(Provider provider) {
            if (providers.containsKey(provider.name())) {
                providers.put(provider.name(), provider);
            } else {
                Map<String, Provider> all = new LinkedHashMap<>(providers);
                providers.keySet().retainAll(added);
                added.add(provider.name());
                providers.put(provider.name(), provider);
                all.forEach(providers::putIfAbsent);
            }
            return this;
        }

        /** Adds a category, or replaces the one of that name. */
        public Builder category(Category category) {
            categories.put(category.name(), category);
            return this;
        }

        /** Takes away all categories and rules. */
        public Builder clearCategories() {
            categories.clear();
            rules.clear();
            return this;
        }

        /** Where a task goes that nothing could place; {@code generation} if not said. */
        public Builder defaultCategory(String name) {
            defaultCategory = name;
            return this;
        }

        public Builder classify(ClassifySettings settings) {
            classify = settings;
            return this;
        }

        /** Adds a rule after the others. */
        public Builder rule(Rule.When when, String category) {
            rules.add(new Rule(when, category));
            return this;
        }

        /** Overrides or adds a model's price. */
        public Builder price(String model, Price price) {
            prices.put(model, price);
            return this;
        }

        /** Says what the catalogue lacks or has wrong. */
        public Builder model(String model, DeclaredModel declared) {
            models.put(model, declared);
            return this;
        }

        public Builder alias(String name, String model) {
            aliases.put(name, model);
            return this;
        }

        /** The model you would have used without routing. */
        public Builder baseline(String model) {
            baseline = Optional.of(model);
            return this;
        }

        public Builder attempts(AttemptLimits limits) {
            attempts = limits;
            return this;
        }

        /** How failures and slowness are met; by {@link AttemptRules#DEFAULT} if not said. */
        public Builder attemptRules(AttemptRules rules) {
            attemptRules = rules;
            return this;
        }

        /** Adds places of one model under a name, or replaces those of that name. */
        public Builder pool(Pool pool) {
            pools.put(pool.name(), pool);
            return this;
        }

        /** How a conversation stays; by {@link SessionSettings#DEFAULT} if not said. */
        public Builder sessions(SessionSettings settings) {
            sessions = settings;
            return this;
        }

        /** What may be spent; anything if not said. */
        public Builder budgets(BudgetSettings settings) {
            budgets = settings;
            return this;
        }

        /** How the gateway serves; by {@link GatewaySettings#DEFAULT} if not said. */
        public Builder gateway(GatewaySettings settings) {
            gateway = settings;
            return this;
        }

        /** Whether the ledger keeps prompts and answers; it does not if not said. */
        public Builder storeContent(boolean store) {
            storeContent = store;
            return this;
        }

        /**
         * The database in which the ledger is, {@code postgresql://user:password@host/database}.
         * User and password are not shown.
         */
        public Builder ledgerUrl(Setting url) {
            ledgerUrl = Optional.of(url.withoutUser());
            return this;
        }

        /**
         * How old what the ledger holds gets before it is deleted, an hour or more; its hourly sums
         * stay.
         */
        public Builder ledgerKeep(Duration age) {
            ledgerKeep = Optional.of(age);
            return this;
        }

        /** Another catalogue than the built-in one. */
        public Builder catalog(Catalog other) {
            catalog = other;
            return this;
        }

        /**
         * @throws PolicyException if anything in it cannot be; says where, what and the nearest
         *     valid name
         */
        public Policy build() {
            try {
                return checked();
            } catch (InvalidPolicy e) {
                throw new PolicyException(String.join(".", e.path()) + ": " + e.words());
            }
        }

        Policy checked() {
            return new Policy(new Builder(this));
        }
    }
}

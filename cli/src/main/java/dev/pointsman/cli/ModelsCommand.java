package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.catalog.Catalog;
import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Money;
import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;
import dev.pointsman.policy.Nearest;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Provider;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

@Command(
        name = "models",
        description =
                "The models of the configured providers, with price (USD per million tokens),"
                        + " limits and abilities.",
        subcommands = ModelsImportCommand.class,
        mixinStandardHelpOptions = true)
final class ModelsCommand implements Callable<Integer> {

    /** What {@code --can} takes. */
    enum Can {
        VISION(Ability.IMAGE_INPUT),
        PDF(Ability.PDF_INPUT),
        TOOLS(Ability.TOOLS),
        STRUCTURED_OUTPUT(Ability.STRUCTURED_OUTPUT),
        REASONING(Ability.REASONING);

        private final Ability ability;

        Can(Ability ability) {
            this.ability = ability;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final PolicyOption policyOption = new PolicyOption();

    @Option(
            names = "--provider",
            paramLabel = "P",
            description = "Only this provider's; also one that is not configured.")
    private @Nullable String provider;

    @Option(
            names = "--can",
            paramLabel = "ABILITY",
            description = "Only those that can: ${COMPLETION-CANDIDATES}. Repeatable.")
    private List<Can> abilities = new ArrayList<>();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Policy policy = policyOption.file().load();
        List<Model> models =
                models(policy)
                        .filter(model -> abilities.stream().allMatch(can -> model.can(can.ability)))
                        .toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ArrayNode all = Render.array();
            models.forEach(model -> all.add(render(model)));
            out.println(Render.pretty(all));
        } else {
            Table table =
                    new Table(
                            1,
                            "model",
                            "input",
                            "output",
                            "cache read",
                            "context",
                            "answer",
                            "can");
            models.forEach(model -> table.row(cells(model)));
            out.print(table);
            spec.commandLine()
                    .getErr()
                    .println(
                            Figures.count(models.size())
                                    + " models; prices of "
                                    + policy.catalog().version());
        }
        return ExitCode.OK;
    }

    private Stream<Model> models(Policy policy) {
        if (provider == null) {
            return policy.providers().values().stream().flatMap(one -> models(policy, one));
        }
        Provider configured = policy.providers().get(provider);
        Catalog catalog = policy.catalog();
        if (configured == null && !catalog.providers().contains(provider)) {
            Set<String> known = new LinkedHashSet<>(policy.providers().keySet());
            known.addAll(catalog.providers());
            throw new UserException(
                    "there is no provider \""
                            + provider
                            + "\""
                            + Nearest.to(provider, known)
                                    .map(near -> "; did you mean \"" + near + "\"?")
                                    .orElse(""));
        }
        return configured == null ? catalog.models(provider) : models(policy, configured);
    }

    /** The catalogue's, with what the policy says of them, and those that only the policy knows. */
    private static Stream<Model> models(Policy policy, Provider provider) {
        Set<String> refs = new LinkedHashSet<>();
        policy.catalog()
                .ids(provider.catalog())
                .forEach(id -> refs.add(provider.name() + "/" + id));
        provider.faultNames().forEach(name -> refs.add(provider.name() + "/" + name));
        Stream.concat(policy.models().keySet().stream(), policy.prices().keySet().stream())
                .filter(ref -> ref.startsWith(provider.name() + "/"))
                .forEach(refs::add);
        return refs.stream().map(policy::model);
    }

    private static String[] cells(Model model) {
        Optional<Rates> rates = model.price().map(Price::base);
        return new String[] {
            model.ref(),
            rates.map(one -> usd(one.input())).orElse("unknown"),
            rates.map(one -> usd(one.output())).orElse("unknown"),
            rates.map(Rates::cacheRead)
                    .filter(OptionalLong::isPresent)
                    .map(one -> usd(one.getAsLong()))
                    .orElse("-"),
            model.contextTokens() == 0 ? "unknown" : Figures.count(model.contextTokens()),
            model.outputTokens() == 0 ? "unknown" : Figures.count(model.outputTokens()),
            String.join(" ", abilities(model))
        };
    }

    private static List<String> abilities(Model model) {
        return Arrays.stream(Can.values())
                .filter(can -> model.can(can.ability))
                .map(Can::toString)
                .toList();
    }

    private static String usd(long rate) {
        return Money.ofNanos(rate).usd().toPlainString();
    }

    static ObjectNode render(Model model) {
        ObjectNode one = Render.object().put("model", model.ref()).put("family", model.family());
        one.put("context_tokens", model.contextTokens());
        one.put("input_tokens", model.inputTokens());
        one.put("output_tokens", model.outputTokens());
        abilities(model).forEach(one.putArray("can")::add);
        model.price()
                .ifPresentOrElse(
                        price -> {
                            ObjectNode rates = rates(price.base());
                            ArrayNode tiers = rates.putArray("tiers");
                            price.tiers()
                                    .forEach(tier ->
                                            tiers.add(
                                                    rates(tier.rates())
                                                            .put(
                                                                    "above_input_tokens",
                                                                    tier.aboveInputTokens())));
                            one.set(
                                    "usd_per_million_tokens",
                                    rates.put("version", price.version()));
                        },
                        () -> one.put("usd_per_million_tokens", "unknown"));
        return one;
    }

    private static ObjectNode rates(Rates rates) {
        ObjectNode json = Render.object();
        json.set("input", Render.money(Money.ofNanos(rates.input())));
        json.set("output", Render.money(Money.ofNanos(rates.output())));
        rates.others()
                .forEach((kind, rate) -> json.set(kind.label(), Render.money(Money.ofNanos(rate))));
        rates.cacheRead()
                .ifPresent(rate -> json.set("cache_read", Render.money(Money.ofNanos(rate))));
        rates.cacheWrite()
                .ifPresent(rate -> json.set("cache_write", Render.money(Money.ofNanos(rate))));
        return json;
    }
}

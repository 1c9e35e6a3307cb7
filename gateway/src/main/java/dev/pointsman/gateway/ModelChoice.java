package dev.pointsman.gateway;

import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.Nearest;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Provider;
import dev.pointsman.wire.Format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a caller means by a model's name. */
sealed interface ModelChoice {

    /** The name that has the model chosen. */
    String AUTO = "auto";

    int NOT_FOUND = 404;

    /**
     * The model is to be chosen.
     *
     * @param category among those of a category; empty if that is to be found too
     */
    record Auto(Optional<String> category) implements ModelChoice {}

    /** One model, at the places where it can be called, best first. */
    record Named(List<Deployment> deployments) implements ModelChoice {}

    /**
     * Finds what is meant: {@code auto} or {@code auto/category}, an alias, a pool, {@code
     * provider/id}, an id that a provider's catalogue lists, or any id at a provider of the
     * caller's format.
     *
     * @param translatable whether providers of other formats will do, where none of the caller's
     *     has it
     * @throws Refusal if nothing is left; says the nearest names
     */
    static ModelChoice of(
            Policy policy, Format format, boolean translatable, String name, boolean practice)
            throws Refusal {
        if (name.equals(AUTO)) {
            return new Auto(Optional.empty());
        }
        if (name.startsWith(AUTO + "/")) {
            return new Auto(Optional.of(name.substring(AUTO.length() + 1)));
        }
        return new Search(policy, format, translatable, name, practice).named();
    }

    /** One search for a name. */
    record Search(
            Policy policy, Format format, boolean translatable, String name, boolean practice) {

        Named named() throws Refusal {
            if (policy.aliases().containsKey(name) || policy.pools().containsKey(name)) {
                return callable(policy.deployments(name));
            }
            int slash = name.indexOf('/');
            Optional<Provider> provider =
                    slash > 0
                            ? Optional.ofNullable(policy.providers().get(name.substring(0, slash)))
                            : Optional.empty();
            if (provider.isPresent() && slash < name.length() - 1) {
                return callable(
                        List.of(policy.deployment(provider.get(), name.substring(slash + 1))));
            }
            List<Deployment> listed = listed();
            return listed.isEmpty() ? atAnyOfFormat() : callable(listed);
        }

        /** Where the catalogue has it: providers of the caller's format first, as in the file. */
        private List<Deployment> listed() {
            List<Deployment> spoken = new ArrayList<>();
            List<Deployment> others = new ArrayList<>();
            for (Provider provider : policy.providers().values()) {
                boolean declared =
                        policy.models().containsKey(provider.name() + "/" + name)
                                || policy.prices().containsKey(provider.name() + "/" + name);
                if (declared || policy.catalog().find(provider.catalog(), name).isPresent()) {
                    (provider.speaks(format) ? spoken : others)
                            .add(policy.deployment(provider, name));
                }
            }
            spoken.addAll(others);
            return spoken;
        }

        /** One that plays faults is meant only where no other is there. */
        private Named atAnyOfFormat() throws Refusal {
            Provider provider =
                    policy.providers().values().stream()
                            .filter(one -> one.speaks(format) && available(one))
                            .min(Comparator.comparing(Provider::isPlayed))
                            .orElseThrow(() -> unknown("no provider of the policy has it"));
            return new Named(List.of(policy.deployment(provider, name)));
        }

        private boolean available(Provider provider) {
            return practice || provider.unavailable().isEmpty();
        }

        private Named callable(List<Deployment> found) throws Refusal {
            List<Deployment> spoken =
                    translatable
                            ? found
                            : found.stream().filter(one -> one.provider().speaks(format)).toList();
            if (spoken.isEmpty()) {
                Provider other = found.getFirst().provider();
                throw unknown(
                        "it is at "
                                + other.name()
                                + ", which speaks "
                                + other.format().label()
                                + ", and this request "
                                + format.label());
            }
            List<Deployment> callable =
                    spoken.stream().filter(one -> available(one.provider())).toList();
            if (callable.isEmpty()) {
                Provider first = spoken.getFirst().provider();
                throw unknown(
                        "it is at "
                                + first.name()
                                + ": "
                                + first.unavailable().orElse("unavailable"));
            }
            return new Named(callable);
        }

        private Refusal unknown(String why) {
            Set<String> names = new LinkedHashSet<>();
            names.add(AUTO);
            policy.categories().keySet().forEach(category -> names.add(AUTO + "/" + category));
            names.addAll(policy.modelNames());
            String hint =
                    Nearest.to(name, names)
                            .filter(near -> !near.equals(name))
                            .map(near -> "; did you mean \"" + near + "\"?")
                            .orElse("; \"auto\" has one chosen");
            return new Refusal(
                    NOT_FOUND, "There is no model \"" + shown(name) + "\" here: " + why + hint);
        }

        private static String shown(String name) {
            String printable = name.replaceAll("\\p{Cntrl}", " ");
            return printable.length() <= 100 ? printable : printable.substring(0, 97) + "...";
        }
    }
}

package dev.pointsman.gateway;

import dev.pointsman.access.Grant;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.Policy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a grant comes to under one policy. Of a model or category that the policy does not have
 * nothing comes. Immutable.
 */
final class Allowed {

    private static final String ANY = "/*";

    private final Policy policy;
    private final Grant grant;
    private final boolean everyModel;
    private final Set<String> refs = new HashSet<>();
    private final Set<String> providers = new HashSet<>();

    Allowed(Policy policy, Grant grant) {
        this.policy = policy;
        this.grant = grant;
        this.everyModel = grant.models().isEmpty() && grant.categories().isEmpty();
        grant.models().forEach(this::add);
        if (grant.models().isEmpty()) {
            for (String category : grant.categories()) {
                policy.route(category).forEach(model -> refs.add(model.model().ref()));
            }
        }
    }

    private void add(String name) {
        if (name.endsWith(ANY)) {
            providers.add(name.substring(0, name.length() - ANY.length()));
        } else if (policy.aliases().containsKey(name) || policy.pools().containsKey(name)) {
            policy.deployments(name).forEach(place -> refs.add(place.model().ref()));
        } else {
            refs.add(name);
        }
    }

    boolean category(String name) {
        return grant.categories().isEmpty() || grant.categories().contains(name);
    }

    boolean model(Deployment deployment) {
        return model(deployment.model().ref());
    }

    /**
     * @param ref {@code provider/id}
     */
    boolean model(String ref) {
        return everyModel
                || refs.contains(ref)
                || providers.contains(ref.substring(0, Math.max(0, ref.indexOf('/'))));
    }

    /** Whether any model of the category may be asked. */
    boolean anyOf(String category) {
        return category(category) && policy.route(category).stream().anyMatch(this::model);
    }

    List<String> categories() {
        return grant.categories();
    }

    /** What may be asked, for the caller. */
    String models() {
        return grant.models().isEmpty()
                ? "the models of " + String.join(", ", grant.categories())
                : String.join(", ", grant.models());
    }
}

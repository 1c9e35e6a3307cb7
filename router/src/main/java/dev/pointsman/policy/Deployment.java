package dev.pointsman.policy;

import dev.pointsman.core.Model;

import java.util.Optional;

/**
 * A model at a provider, as the policy would call it.
 *
 * @param model what is called, with its price and limits
 * @param provider where
 * @param place its place in a pool; empty if it stands for itself
 */
public record Deployment(Model model, Provider provider, Optional<Place> place) {

    /** A model that stands for itself. */
    public Deployment(Model model, Provider provider) {
        this(model, provider, Optional.empty());
    }

    /**
     * A place in a pool.
     *
     * @param weight 1 or more
     */
    public record Place(String pool, Pool.Balance balance, int weight) {}

    Deployment in(Pool pool, int weight) {
        return new Deployment(
                model, provider, Optional.of(new Place(pool.name(), pool.balance(), weight)));
    }

    /** Whether both stand in the same pool. */
    public boolean besides(Deployment other) {
        return place.isPresent()
                && other.place.isPresent()
                && place.get().pool().equals(other.place.get().pool());
    }
}

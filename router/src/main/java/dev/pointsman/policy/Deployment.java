package dev.pointsman.policy;

import dev.pointsman.core.Model;

/**
 * A model at a provider, as the policy would call it.
 *
 * @param model what is called, with its price and limits
 * @param provider where
 */
public record Deployment(Model model, Provider provider) {}

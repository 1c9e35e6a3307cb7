package dev.pointsman.core;

import java.util.List;

/**
 * A model that can do the task, in the order in which it would be tried.
 *
 * @param model what would be called
 * @param expectedCost at the estimated input and the category's expected output; unknown where the
 *     price is
 * @param notes what a person should know of this choice, for example that nothing is known of the
 *     model
 */
public record Candidate(Model model, Money expectedCost, List<String> notes) {}

package dev.pointsman.policy;

import java.util.List;

/**
 * A kind of task and the models for it.
 *
 * @param name as rules, callers and reports say it
 * @param description what belongs here; told to the model that classifies, and one example more
 *     where there are examples
 * @param examples texts that belong here: a category with examples is known by them, without
 *     training
 * @param models {@code provider/id} or aliases: the first that can do the task, the rest are
 *     fallbacks; at least one
 * @param strategy how those that can do the task are ranked
 * @param expectedOutput tokens of output that expected costs assume
 */
public record Category(
        String name,
        String description,
        List<String> examples,
        List<String> models,
        Strategy strategy,
        long expectedOutput) {

    /** Expected output where the policy says nothing, in tokens. */
    public static final long DEFAULT_EXPECTED_OUTPUT = 400;

    public Category {
        examples = List.copyOf(examples);
        models = List.copyOf(models);
    }

    /** A category whose models are tried in this order. */
    public static Category of(String name, String description, String... models) {
        return new Category(
                name,
                description,
                List.of(),
                List.of(models),
                Strategy.ORDER,
                DEFAULT_EXPECTED_OUTPUT);
    }

    /** The same category, known by these examples. */
    public Category examples(String... texts) {
        return new Category(name, description, List.of(texts), models, strategy, expectedOutput);
    }
}

package dev.pointsman.access;

import dev.pointsman.budget.Limit;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a key lets its holder do.
 *
 * @param budget how much may be spent; empty for any amount
 * @param requestsPerMinute 0 for any number
 * @param tokensPerMinute in and out; 0 for any number
 * @param models {@code provider/id}, {@code provider/*}, aliases and pools of the policy; empty for
 *     all, or those of the categories if there are any
 * @param categories names of the policy; empty for all
 */
public record Grant(
        Optional<Limit> budget,
        long requestsPerMinute,
        long tokensPerMinute,
        List<String> models,
        List<String> categories) {

    /** All that the policy has, without limits. */
    public static final Grant ALL = new Grant(Optional.empty(), 0, 0, List.of(), List.of());

    /**
     * @throws IllegalArgumentException if a number is below 0, or a name is blank or has a comma or
     *     a control character
     */
    public Grant {
        models = List.copyOf(models);
        categories = List.copyOf(categories);
        if (requestsPerMinute < 0 || tokensPerMinute < 0) {
            throw new IllegalArgumentException(
                    "Limits are 0 or more, not %d requests and %d tokens a minute"
                            .formatted(requestsPerMinute, tokensPerMinute));
        }
        Stream.concat(models.stream(), categories.stream())
                .filter(Grant::isNoName)
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "A name is not blank and has no comma: \"" + name + "\"");
                });
    }

    private static boolean isNoName(String name) {
        return name.isBlank()
                || name.indexOf(',') >= 0
                || name.chars().anyMatch(Character::isISOControl);
    }

    /** The same, with that much to spend. */
    public Grant budget(Limit limit) {
        return new Grant(
                Optional.of(limit), requestsPerMinute, tokensPerMinute, models, categories);
    }

    /** The same with so many requests and tokens a minute, 0 for any number. */
    public Grant perMinute(long requests, long tokens) {
        return new Grant(budget, requests, tokens, models, categories);
    }

    /** The same for these models alone. */
    public Grant models(String... names) {
        return new Grant(budget, requestsPerMinute, tokensPerMinute, List.of(names), categories);
    }

    /** The same for these categories alone. */
    public Grant categories(String... names) {
        return new Grant(budget, requestsPerMinute, tokensPerMinute, models, List.of(names));
    }
}

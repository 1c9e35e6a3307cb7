package dev.pointsman.policy;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A static route: a task for which the conditions hold goes to the category, and nothing else is
 * asked.
 *
 * @param when the conditions
 * @param category where such a task goes
 */
public record Rule(When when, String category) {

    /**
     * Conditions, all of which must hold; an empty one always does. Within one that lists several
     * texts, one of them is enough.
     *
     * @param callers patterns for the calling class or method; {@code *} matches one segment,
     *     {@code **} many
     * @param tags tags the task carries, all of them
     * @param image whether the task must have an image
     * @param startsWith how the prompt begins, in any case, leading white space apart
     * @param contains a text in the prompt, in any case
     * @param tokensOver the estimated input is more than this
     * @param tokensUnder the estimated input is less than this
     */
    public record When(
            List<String> callers,
            Map<String, String> tags,
            boolean image,
            List<String> startsWith,
            List<String> contains,
            OptionalLong tokensOver,
            OptionalLong tokensUnder) {

        /** Conditions that always hold, to be narrowed. */
        public static final When ANY =
                new When(
                        List.of(),
                        Map.of(),
                        false,
                        List.of(),
                        List.of(),
                        OptionalLong.empty(),
                        OptionalLong.empty());

        public When {
            callers = List.copyOf(callers);
            tags = Map.copyOf(tags);
            startsWith = List.copyOf(startsWith);
            contains = List.copyOf(contains);
        }

        public static When caller(String... patterns) {
            return new When(
                    List.of(patterns),
                    Map.of(),
                    false,
                    List.of(),
                    List.of(),
                    OptionalLong.empty(),
                    OptionalLong.empty());
        }

        public static When tag(String key, String value) {
            return new When(
                    List.of(),
                    Map.of(key, value),
                    false,
                    List.of(),
                    List.of(),
                    OptionalLong.empty(),
                    OptionalLong.empty());
        }

        public static When hasImage() {
            return new When(
                    List.of(),
                    Map.of(),
                    true,
                    List.of(),
                    List.of(),
                    OptionalLong.empty(),
                    OptionalLong.empty());
        }

        public static When startsWith(String... prefixes) {
            return new When(
                    List.of(),
                    Map.of(),
                    false,
                    List.of(prefixes),
                    List.of(),
                    OptionalLong.empty(),
                    OptionalLong.empty());
        }
    }
}

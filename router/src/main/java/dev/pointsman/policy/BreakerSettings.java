package dev.pointsman.policy;

import java.time.Duration;

/**
 * When a deployment that fails is left alone, and for how long.
 *
 * @param failures how many failures in a row open its breaker; at least 1
 * @param share the share of failed calls within {@code window} that opens it; above 0, at most 1
 * @param calls how many calls must have ended within {@code window} for {@code share} to count; at
 *     least 1
 * @param window how far back {@code share} looks; from a millisecond to a day
 * @param open how long it stays open the first time, give or take a fifth; from a millisecond
 * @param longest what {@code open} doubles up to when the deployment keeps failing; from {@code
 *     open} to a day
 */
public record BreakerSettings(
        int failures, double share, int calls, Duration window, Duration open, Duration longest) {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);

    /**
     * 5 in a row, or half of at least 20 calls within 30 s; open for 10 s, doubling up to 5 min.
     */
    public static final BreakerSettings DEFAULT =
            new BreakerSettings(
                    5,
                    0.5,
                    20,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5));

    public BreakerSettings {
        if (failures < 1 || calls < 1) {
            throw new IllegalArgumentException(
                    "failures and calls must be at least 1: " + failures + ", " + calls);
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be above 0 and at most 1: " + share);
        }
        between("window", SHORTEST, window);
        between("open", SHORTEST, open);
        between("longest", open, longest);
    }

    private static void between(String name, Duration least, Duration value) {
        if (value.compareTo(least) < 0 || value.compareTo(DAY) > 0) {
            throw new IllegalArgumentException(
                    name
                            + " must be from "
                            + PolicyText.span(least)
                            + " to "
                            + PolicyText.span(DAY)
                            + ": "
                            + PolicyText.span(value));
        }
    }
}

package dev.pointsman.route;

import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * Makes decision ids: ULIDs (48 bits of milliseconds, 80 random bits, Crockford's base 32), so that
 * they sort by time. Thread-safe.
 */
public final class DecisionIds {

    private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int TIME_DIGITS = 10;
    private static final int RANDOM_DIGITS = 16;

    private final Clock clock;
    private final LongSupplier random;

    /**
     * @param random 64 random bits a call; must be thread-safe
     */
    public DecisionIds(Clock clock, LongSupplier random) {
        this.clock = clock;
        this.random = random;
    }

    public String next() {
        char[] id = new char[TIME_DIGITS + RANDOM_DIGITS];
        write(id, 0, TIME_DIGITS, clock.millis());
        write(id, TIME_DIGITS, RANDOM_DIGITS / 2, random.getAsLong());
        write(id, TIME_DIGITS + RANDOM_DIGITS / 2, RANDOM_DIGITS / 2, random.getAsLong());
        return new String(id);
    }

    private static void write(char[] into, int from, int digits, long bits) {
        for (int i = digits - 1; i >= 0; i--) {
            into[from + i] = DIGITS[(int) (bits & 31)];
            bits >>>= 5;
        }
    }
}

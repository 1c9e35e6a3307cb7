package dev.pointsman.core;

import java.math.BigInteger;
import java.util.OptionalLong;

/**
 * What one call cost. The total is rounded once, half-even, from the exact product of tokens and
 * rates; the parts are rounded so that they always add up to it. All of it is {@link Money#UNKNOWN}
 * where the price is.
 *
 * @param input fresh input tokens, sound and images included
 * @param output output tokens, reasoning, sound and images included
 * @param cacheRead input tokens read from the prompt cache
 * @param cacheWrite input tokens written to the prompt cache
 * @param total the sum of the four
 * @param priceVersion which edition of the price list it was derived from; empty where the price is
 *     unknown
 */
public record Cost(
        Money input,
        Money output,
        Money cacheRead,
        Money cacheWrite,
        Money total,
        String priceVersion) {

    /** The cost of tokens whose price nobody knows. */
    public static final Cost UNKNOWN =
            new Cost(Money.UNKNOWN, Money.UNKNOWN, Money.UNKNOWN, Money.UNKNOWN, Money.UNKNOWN, "");

    /** The cost of no call at all. */
    public static final Cost NONE =
            new Cost(Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO, "");

    private static final long TOKENS_PER_RATE = 1_000_000;
    private static final TokenKind[] KINDS = TokenKind.values();
    private static final TokenKind[] FRESH = {
        TokenKind.INPUT, TokenKind.AUDIO_INPUT, TokenKind.IMAGE_INPUT
    };
    private static final TokenKind[] READ = {TokenKind.CACHE_READ, TokenKind.AUDIO_CACHE_READ};
    private static final TokenKind[] WRITTEN = {TokenKind.CACHE_WRITE, TokenKind.CACHE_WRITE_1H};

    /** What {@code usage} costs at the model's price; {@link #UNKNOWN} if the model has none. */
    public static Cost estimate(Model model, Usage usage) {
        return model.price().map(price -> of(price, usage)).orElse(UNKNOWN);
    }

    /**
     * What {@code usage} costs at that price, the tier for its size and service applied; {@link
     * #UNKNOWN} if there are tokens of a kind whose rate is.
     */
    public static Cost of(Price price, Usage usage) {
        return price.ratesFor(usage)
                .map(rates -> of(rates, usage, price.version()))
                .orElse(UNKNOWN);
    }

    private static Cost of(Rates rates, Usage usage, String version) {
        long[] nanos = new long[KINDS.length];
        long[] remainders = new long[KINDS.length];
        for (TokenKind kind : KINDS) {
            long tokens = usage.tokens(kind);
            if (tokens > 0) {
                OptionalLong rate = rates.of(kind);
                if (rate.isEmpty()) {
                    return UNKNOWN;
                }
                divide(tokens, rate.getAsLong(), kind.ordinal(), nanos, remainders);
            }
        }
        apportion(nanos, remainders);
        long input = sum(nanos, FRESH);
        long read = sum(nanos, READ);
        long write = sum(nanos, WRITTEN);
        long total = sum(nanos, KINDS);
        return new Cost(
                Money.ofNanos(input),
                Money.ofNanos(total - input - read - write),
                Money.ofNanos(read),
                Money.ofNanos(write),
                Money.ofNanos(total),
                version);
    }

    private static long sum(long[] nanos, TokenKind[] kinds) {
        long sum = 0;
        for (TokenKind kind : kinds) {
            sum = Math.addExact(sum, nanos[kind.ordinal()]);
        }
        return sum;
    }

    /** Sums two costs, keeping this one's price version. */
    public Cost plus(Cost other) {
        return new Cost(
                input.plus(other.input),
                output.plus(other.output),
                cacheRead.plus(other.cacheRead),
                cacheWrite.plus(other.cacheWrite),
                total.plus(other.total),
                priceVersion.isEmpty() ? other.priceVersion : priceVersion);
    }

    /** What tokens cost: whole nanos, and the millionths of one beyond them. */
    private static void divide(long tokens, long rate, int kind, long[] nanos, long[] remainders) {
        if (Math.multiplyHigh(tokens, rate) == 0 && tokens * rate >= 0) {
            long product = tokens * rate;
            nanos[kind] = product / TOKENS_PER_RATE;
            remainders[kind] = product % TOKENS_PER_RATE;
        } else {
            BigInteger[] parts =
                    BigInteger.valueOf(tokens)
                            .multiply(BigInteger.valueOf(rate))
                            .divideAndRemainder(BigInteger.valueOf(TOKENS_PER_RATE));
            nanos[kind] = parts[0].longValueExact();
            remainders[kind] = parts[1].longValueExact();
        }
    }

    /**
     * Largest remainder: adds to the parts' floors the nanos that are still missing from the
     * rounded total, where the remainders are largest.
     */
    private static void apportion(long[] nanos, long[] remainders) {
        long wholes = 0;
        long rest = 0;
        for (int i = 0; i < nanos.length; i++) {
            wholes = Math.addExact(wholes, nanos[i]);
            rest += remainders[i];
        }
        for (long missing = halfEven(wholes, rest); missing > 0; missing--) {
            int largest = 0;
            for (int i = 1; i < remainders.length; i++) {
                if (remainders[i] > remainders[largest]) {
                    largest = i;
                }
            }
            nanos[largest]++;
            remainders[largest] = -1;
        }
    }

    /**
     * How many nanos {@code remainders} millionths add to {@code wholes} when rounded half-even.
     */
    private static long halfEven(long wholes, long remainders) {
        long carry = remainders / TOKENS_PER_RATE;
        long twice = 2 * (remainders % TOKENS_PER_RATE);
        boolean up =
                twice > TOKENS_PER_RATE || (twice == TOKENS_PER_RATE && (wholes + carry) % 2 != 0);
        return up ? carry + 1 : carry;
    }
}

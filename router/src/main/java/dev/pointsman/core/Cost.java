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
        long[] tokens = new long[KINDS.length];
        long[] rate = new long[KINDS.length];
        for (TokenKind kind : KINDS) {
            tokens[kind.ordinal()] = usage.tokens(kind);
            OptionalLong known = rates.of(kind);
            if (known.isEmpty() && tokens[kind.ordinal()] > 0) {
                return UNKNOWN;
            }
            rate[kind.ordinal()] = known.orElse(0);
        }
        long[] nanos = apportion(tokens, rate);
        long input = sum(nanos, TokenKind.INPUT, TokenKind.AUDIO_INPUT, TokenKind.IMAGE_INPUT);
        long read = sum(nanos, TokenKind.CACHE_READ, TokenKind.AUDIO_CACHE_READ);
        long write = sum(nanos, TokenKind.CACHE_WRITE, TokenKind.CACHE_WRITE_1H);
        long total = sum(nanos, KINDS);
        return new Cost(
                Money.ofNanos(input),
                Money.ofNanos(total - input - read - write),
                Money.ofNanos(read),
                Money.ofNanos(write),
                Money.ofNanos(total),
                version);
    }

    private static long sum(long[] nanos, TokenKind... kinds) {
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

    /**
     * Largest remainder: the parts' floors, then the nanos still missing from the rounded total to
     * the largest remainders.
     */
    private static long[] apportion(long[] tokens, long[] rates) {
        long[] whole = new long[tokens.length];
        long[] remainder = new long[tokens.length];
        long wholes = 0;
        long remainders = 0;
        for (int i = 0; i < tokens.length; i++) {
            if (Math.multiplyHigh(tokens[i], rates[i]) == 0 && tokens[i] * rates[i] >= 0) {
                long product = tokens[i] * rates[i];
                whole[i] = product / TOKENS_PER_RATE;
                remainder[i] = product % TOKENS_PER_RATE;
            } else {
                BigInteger[] parts =
                        BigInteger.valueOf(tokens[i])
                                .multiply(BigInteger.valueOf(rates[i]))
                                .divideAndRemainder(BigInteger.valueOf(TOKENS_PER_RATE));
                whole[i] = parts[0].longValueExact();
                remainder[i] = parts[1].longValueExact();
            }
            wholes = Math.addExact(wholes, whole[i]);
            remainders += remainder[i];
        }
        for (long missing = halfEven(wholes, remainders); missing > 0; missing--) {
            int largest = 0;
            for (int i = 1; i < remainder.length; i++) {
                if (remainder[i] > remainder[largest]) {
                    largest = i;
                }
            }
            whole[largest]++;
            remainder[largest] = -1;
        }
        return whole;
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

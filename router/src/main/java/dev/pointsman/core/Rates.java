package dev.pointsman.core;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What tokens cost, in nano-dollars per million tokens: 15 USD per million tokens is
 * 15,000,000,000. Kept a million times finer than a token's price because many real prices are
 * fractions of a nano-dollar a token.
 *
 * @param input fresh input tokens; 0 or more
 * @param output output tokens, reasoning included; 0 or more
 * @param cacheRead input tokens read from the provider's prompt cache; without a rate they are
 *     billed as fresh input, the most any provider asks for them
 * @param cacheWrite input tokens written to the provider's prompt cache; without a rate their price
 *     is unknown
 * @param others rates of the kinds beside those four; {@link #of} says what holds without one
 */
public record Rates(
        long input,
        long output,
        OptionalLong cacheRead,
        OptionalLong cacheWrite,
        Map<TokenKind, Long> others) {

    /** The kinds whose rates are in {@link #others}. */
    public static final Set<TokenKind> OTHERS =
            Set.copyOf(
                    EnumSet.complementOf(
                            EnumSet.of(
                                    TokenKind.INPUT,
                                    TokenKind.OUTPUT,
                                    TokenKind.CACHE_READ,
                                    TokenKind.CACHE_WRITE)));

    public Rates {
        if (input < 0 || output < 0 || cacheRead.orElse(0) < 0 || cacheWrite.orElse(0) < 0) {
            throw new IllegalArgumentException("A rate cannot be negative");
        }
        others.forEach(Rates::check);
        others = others.isEmpty() ? Map.of() : Map.copyOf(others);
    }

    /** Rates of the four main kinds. */
    public Rates(long input, long output, OptionalLong cacheRead, OptionalLong cacheWrite) {
        this(input, output, cacheRead, cacheWrite, Map.of());
    }

    private static void check(TokenKind kind, long rate) {
        if (!OTHERS.contains(kind)) {
            throw new IllegalArgumentException(kind.label() + " is not one of the others");
        }
        if (rate < 0) {
            throw new IllegalArgumentException("A rate cannot be negative");
        }
    }

    /** Rates in USD per million tokens, without cache rates. */
    public static Rates usdPerMillion(String input, String output) {
        return new Rates(rate(input), rate(output), OptionalLong.empty(), OptionalLong.empty());
    }

    /**
     * One rate, from USD per million tokens.
     *
     * @throws NumberFormatException if it is no decimal number
     * @throws ArithmeticException if it has more than nine decimals
     */
    public static long rate(String usdPerMillion) {
        return Money.ofUsd(new BigDecimal(usdPerMillion)).nanos();
    }

    public Rates withCache(OptionalLong read, OptionalLong write) {
        return new Rates(input, output, read, write, others);
    }

    /** The same rates, and one of a kind beside the main four. */
    public Rates with(TokenKind kind, long rate) {
        Map<TokenKind, Long> more = new EnumMap<>(TokenKind.class);
        more.putAll(others);
        more.put(kind, rate);
        return new Rates(input, output, cacheRead, cacheWrite, more);
    }

    /**
     * The rate of a kind of tokens; empty if it is unknown. Without one of their own, tokens read
     * from the cache are billed as fresh ones of their kind, images in the input as input, and
     * reasoning as output, as every provider does that does not say otherwise. Nothing is known of
     * the others: those who price them price them dearer than text.
     */
    public OptionalLong of(TokenKind kind) {
        return switch (kind) {
            case INPUT -> OptionalLong.of(input);
            case OUTPUT -> OptionalLong.of(output);
            case CACHE_READ -> OptionalLong.of(cacheRead.orElse(input));
            case CACHE_WRITE -> cacheWrite;
            case CACHE_WRITE_1H, AUDIO_INPUT, AUDIO_OUTPUT, IMAGE_OUTPUT -> own(kind);
            case AUDIO_CACHE_READ -> own(kind).isPresent() ? own(kind) : own(TokenKind.AUDIO_INPUT);
            case IMAGE_INPUT -> OptionalLong.of(own(kind).orElse(input));
            case REASONING -> OptionalLong.of(own(kind).orElse(output));
        };
    }

    private OptionalLong own(TokenKind kind) {
        Long rate = others.get(kind);
        return rate == null ? OptionalLong.empty() : OptionalLong.of(rate);
    }
}

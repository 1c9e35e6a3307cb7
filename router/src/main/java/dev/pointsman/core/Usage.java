package dev.pointsman.core;

/**
 * The tokens of one call, each counted once: {@code input}, {@code cacheRead} and {@code
 * cacheWrite} do not overlap, whatever the provider's own counters do.
 *
 * @param input fresh input tokens
 * @param output output tokens, reasoning included
 * @param cacheRead input tokens read from the provider's prompt cache
 * @param cacheWrite input tokens written to the provider's prompt cache
 * @param reasoning how many of {@code output} were reasoning
 * @param estimated whether these are Pointsman's estimate because the provider gave no figures
 */
public record Usage(
        long input,
        long output,
        long cacheRead,
        long cacheWrite,
        long reasoning,
        boolean estimated) {

    public static final Usage NONE = new Usage(0, 0, 0, 0, 0, false);

    public Usage {
        if (input < 0 || output < 0 || cacheRead < 0 || cacheWrite < 0 || reasoning < 0) {
            throw new IllegalArgumentException("A token count cannot be negative");
        }
    }

    /** Fresh input and output tokens, no cache. */
    public static Usage of(long input, long output) {
        return new Usage(input, output, 0, 0, 0, false);
    }

    /** The same tokens, with those of the prompt cache. */
    public Usage withCache(long read, long write) {
        return new Usage(input, output, read, write, reasoning, estimated);
    }

    public Usage asEstimate() {
        return new Usage(input, output, cacheRead, cacheWrite, reasoning, true);
    }

    /** An estimate of a call that broke off: at least so much output. */
    public Usage withOutputOf(long atLeast) {
        return new Usage(input, Math.max(output, atLeast), cacheRead, cacheWrite, reasoning, true);
    }

    /** All input tokens: fresh, read from cache and written to it. */
    public long totalInput() {
        return input + cacheRead + cacheWrite;
    }

    public Usage plus(Usage other) {
        return new Usage(
                input + other.input,
                output + other.output,
                cacheRead + other.cacheRead,
                cacheWrite + other.cacheWrite,
                reasoning + other.reasoning,
                estimated || other.estimated);
    }
}

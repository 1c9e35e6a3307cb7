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
 * @param detail how many of those have prices of their own
 * @param estimated whether these are Pointsman's estimate because the provider gave no figures
 */
public record Usage(
        long input,
        long output,
        long cacheRead,
        long cacheWrite,
        long reasoning,
        Detail detail,
        boolean estimated) {

    public static final Usage NONE = new Usage(0, 0, 0, 0, 0, false);

    /**
     * What of a call's tokens is priced apart, most often nothing. Each is a part of one of the
     * counts of the usage; what one says in sound it does not say in images.
     *
     * @param cacheWriteHour how many of {@code cacheWrite} are kept for an hour; the others are
     *     kept for some minutes
     * @param audioInput how many of {@code input} are sound
     * @param audioCacheRead how many of {@code cacheRead} are sound
     * @param audioOutput how many of {@code output} are sound
     * @param imageInput how many of {@code input} are images
     * @param imageOutput how many of {@code output} are images
     * @param tier at what service the provider answered
     */
    public record Detail(
            long cacheWriteHour,
            long audioInput,
            long audioCacheRead,
            long audioOutput,
            long imageInput,
            long imageOutput,
            ServiceTier tier) {

        /** Nothing is priced apart. */
        public static final Detail NONE = new Detail(0, 0, 0, 0, 0, 0, ServiceTier.STANDARD);

        public Detail {
            if ((cacheWriteHour | audioInput | audioCacheRead | audioOutput) < 0
                    || (imageInput | imageOutput) < 0) {
                throw new IllegalArgumentException("A token count cannot be negative");
            }
        }

        public Detail withTier(ServiceTier other) {
            return new Detail(
                    cacheWriteHour,
                    audioInput,
                    audioCacheRead,
                    audioOutput,
                    imageInput,
                    imageOutput,
                    other);
        }

        /** No part can be larger than what it is a part of. */
        private Detail within(long input, long output, long read, long write) {
            long sound = Math.min(audioInput, input);
            long spoken = Math.min(audioOutput, output);
            Detail fit =
                    new Detail(
                            Math.min(cacheWriteHour, write),
                            sound,
                            Math.min(audioCacheRead, read),
                            spoken,
                            Math.min(imageInput, input - sound),
                            Math.min(imageOutput, output - spoken),
                            tier);
            return fit.equals(this) ? this : fit;
        }

        private Detail plus(Detail other) {
            return new Detail(
                    cacheWriteHour + other.cacheWriteHour,
                    audioInput + other.audioInput,
                    audioCacheRead + other.audioCacheRead,
                    audioOutput + other.audioOutput,
                    imageInput + other.imageInput,
                    imageOutput + other.imageOutput,
                    tier == other.tier ? tier : ServiceTier.OTHER);
        }
    }

    public Usage {
        if (input < 0 || output < 0 || cacheRead < 0 || cacheWrite < 0 || reasoning < 0) {
            throw new IllegalArgumentException("A token count cannot be negative");
        }
        if (detail != Detail.NONE) {
            detail = detail.within(input, output, cacheRead, cacheWrite);
            detail = detail.equals(Detail.NONE) ? Detail.NONE : detail;
        }
    }

    /** Tokens none of which is priced apart. */
    public Usage(
            long input,
            long output,
            long cacheRead,
            long cacheWrite,
            long reasoning,
            boolean estimated) {
        this(input, output, cacheRead, cacheWrite, reasoning, Detail.NONE, estimated);
    }

    /** Fresh input and output tokens, no cache. */
    public static Usage of(long input, long output) {
        return new Usage(input, output, 0, 0, 0, false);
    }

    /** The same tokens, with those of the prompt cache. */
    public Usage withCache(long read, long write) {
        return new Usage(input, output, read, write, reasoning, detail, estimated);
    }

    /** The same tokens, with what of them is priced apart, cut to what there is. */
    public Usage withDetail(Detail parts) {
        return new Usage(input, output, cacheRead, cacheWrite, reasoning, parts, estimated);
    }

    /** The same tokens, answered at that service. */
    public Usage at(ServiceTier tier) {
        return tier == detail.tier() ? this : withDetail(detail.withTier(tier));
    }

    public Usage asEstimate() {
        return new Usage(input, output, cacheRead, cacheWrite, reasoning, detail, true);
    }

    /** An estimate of a call that broke off: at least so much output. */
    public Usage withOutputOf(long atLeast) {
        long most = Math.max(output, atLeast);
        return new Usage(input, most, cacheRead, cacheWrite, reasoning, detail, true);
    }

    /** The same input, without output. */
    public Usage withoutOutput() {
        return new Usage(input, 0, cacheRead, cacheWrite, 0, detail, estimated);
    }

    /** All input tokens: fresh, read from cache and written to it. */
    public long totalInput() {
        return input + cacheRead + cacheWrite;
    }

    /** How many tokens are of that kind; over all kinds it is input and output together. */
    public long tokens(TokenKind kind) {
        return switch (kind) {
            case INPUT -> input - detail.audioInput() - detail.imageInput();
            case CACHE_READ -> cacheRead - detail.audioCacheRead();
            case CACHE_WRITE -> cacheWrite - detail.cacheWriteHour();
            case CACHE_WRITE_1H -> detail.cacheWriteHour();
            case AUDIO_INPUT -> detail.audioInput();
            case AUDIO_CACHE_READ -> detail.audioCacheRead();
            case IMAGE_INPUT -> detail.imageInput();
            case OUTPUT -> written() - Math.min(reasoning, written());
            case REASONING -> Math.min(reasoning, written());
            case AUDIO_OUTPUT -> detail.audioOutput();
            case IMAGE_OUTPUT -> detail.imageOutput();
        };
    }

    private long written() {
        return output - detail.audioOutput() - detail.imageOutput();
    }

    /** The sum; its service is {@link ServiceTier#OTHER} if they were answered at two. */
    public Usage plus(Usage other) {
        return new Usage(
                input + other.input,
                output + other.output,
                cacheRead + other.cacheRead,
                cacheWrite + other.cacheWrite,
                reasoning + other.reasoning,
                detail == Detail.NONE && other.detail == Detail.NONE
                        ? Detail.NONE
                        : detail.plus(other.detail),
                estimated || other.estimated);
    }
}

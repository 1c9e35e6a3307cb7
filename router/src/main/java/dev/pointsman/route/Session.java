package dev.pointsman.route;

import dev.pointsman.core.Money;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One conversation: where it is warm, and what changing models has cost it. Thread-safe. */
final class Session {

    /** So many models are remembered as warm. */
    private static final int MOST_WARM = 4;

    /** A model's prompt cache. */
    record Warm(String model, long tokens, long at) {}

    /**
     * A conversation as a request finds it.
     *
     * @param model who answered last
     * @param input the tokens of the request: those that were counted last, and what has come by
     *     estimate
     * @param warm where it is still warm
     */
    record Seen(String model, long input, List<Warm> warm) {

        /** How many tokens of the request are warm at a model. */
        long warmAt(String ref) {
            for (Warm one : warm) {
                if (one.model.equals(ref)) {
                    return Math.min(one.tokens, input);
                }
            }
            return 0;
        }
    }

    private final Duration keep;
    private String model = "";
    private long input;
    private long estimate;
    private List<Warm> warm = List.of();
    private long never;
    private long spent;

    Session(Duration keep) {
        this.keep = keep;
    }

    Duration keep() {
        return keep;
    }

    /**
     * @param estimated the request's size by the estimate that all its sizes are by
     * @param now in nanoseconds
     */
    synchronized Seen seen(long estimated, long now, Duration lasts) {
        List<Warm> still = new ArrayList<>(warm.size());
        for (Warm one : warm) {
            if (now - one.at < lasts.toNanos()) {
                still.add(one);
            }
        }
        return new Seen(model, counted(estimated), still);
    }

    private long counted(long estimated) {
        return estimated >= estimate
                ? input + (estimated - estimate)
                : Math.round((double) input * estimated / estimate);
    }

    /**
     * What changes of the model may still cost. If {@code extra} is within, it is spent.
     *
     * @param stay what this request's input would cost without a change
     */
    synchronized long reserve(long extra, long stay, double share) {
        long allowed = allowed(stay, share);
        if (extra <= allowed) {
            spent += extra;
        }
        return allowed;
    }

    synchronized long allowed(long stay, double share) {
        return Math.max(0, (long) (share * (never + stay)) - spent);
    }

    /**
     * Settles what a request cost.
     *
     * @param reserved what was spent for it by estimate, and is given back
     * @param extra what its change of the model did cost
     * @param stayed what it would have cost without a change; unknown counts for nothing
     */
    synchronized void settle(long reserved, Money extra, Money stayed) {
        spent += (extra.isKnown() ? extra.nanos() : reserved) - reserved;
        never += stayed.isKnown() ? stayed.nanos() : 0;
    }

    /** Another model, or the same, has read the conversation. */
    synchronized void answered(Warm by, long counted, long estimated) {
        model = by.model;
        input = counted;
        estimate = estimated;
        List<Warm> now = new ArrayList<>(warm.size() + 1);
        if (by.tokens > 0) {
            now.add(by);
        }
        for (Warm one : warm) {
            if (!one.model.equals(by.model) && now.size() < MOST_WARM) {
                now.add(one);
            }
        }
        warm = List.copyOf(now);
    }
}

package dev.pointsman.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One call to a model, whatever came of it.
 *
 * @param purpose what it was made for
 * @param model what was called
 * @param startedAt wall-clock time
 * @param firstContent from the start to the first content; empty if none came, or if the answer
 *     came in one piece
 * @param latency from the start to the end
 * @param usage its tokens; {@link Usage#NONE} if it failed before the provider told any
 * @param cost what those cost
 * @param failure why there is no answer; empty if there is one
 * @param leftOut what of the request the model was not told, each by a name that the caller or a
 *     reader knows
 */
public record Attempt(
        Purpose purpose,
        Model model,
        Instant startedAt,
        Optional<Duration> firstContent,
        Duration latency,
        Usage usage,
        Cost cost,
        Optional<Failure> failure,
        List<String> leftOut) {

    public Attempt {
        leftOut = List.copyOf(leftOut);
    }

    /** A call whose model was told the whole request. */
    public Attempt(
            Purpose purpose,
            Model model,
            Instant startedAt,
            Optional<Duration> firstContent,
            Duration latency,
            Usage usage,
            Cost cost,
            Optional<Failure> failure) {
        this(purpose, model, startedAt, firstContent, latency, usage, cost, failure, List.of());
    }

    /** What a call was made for. */
    public enum Purpose {
        /** To answer the task. */
        ANSWER,
        /** To find the task's category. */
        CLASSIFY
    }

    public boolean succeeded() {
        return failure.isEmpty();
    }
}

package dev.pointsman.core;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How an answer is drawn, as far as the caller said.
 *
 * @param maxTokens the answer's limit
 * @param temperature from 0 to 2
 * @param topP from 0 to 1
 * @param topK how many tokens are drawn from
 * @param presencePenalty from -2 to 2
 * @param frequencyPenalty from -2 to 2
 * @param stop texts at which the answer ends
 * @param likelihoods how many likely tokens are told at each place, 0 for the drawn one only; empty
 *     if likelihoods are not wanted
 * @param parallelTools whether several tools may be asked for at once
 * @param user who asks, by a name of the caller's own
 */
public record Sampling(
        OptionalInt maxTokens,
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalInt topK,
        OptionalDouble presencePenalty,
        OptionalDouble frequencyPenalty,
        OptionalLong seed,
        List<String> stop,
        OptionalInt likelihoods,
        Optional<Boolean> parallelTools,
        Optional<String> user) {

    /** Nothing is said. */
    public static final Sampling UNSAID = new Draft().build();

    public Sampling {
        stop = List.copyOf(stop);
    }

    /** Gathers what is said. Not thread-safe. */
    public static final class Draft {
        private OptionalInt maxTokens = OptionalInt.empty();
        private OptionalDouble temperature = OptionalDouble.empty();
        private OptionalDouble topP = OptionalDouble.empty();
        private OptionalInt topK = OptionalInt.empty();
        private OptionalDouble presencePenalty = OptionalDouble.empty();
        private OptionalDouble frequencyPenalty = OptionalDouble.empty();
        private OptionalLong seed = OptionalLong.empty();
        private List<String> stop = List.of();
        private OptionalInt likelihoods = OptionalInt.empty();
        private @Nullable Boolean parallelTools;
        private @Nullable String user;

        public Draft maxTokens(int tokens) {
            maxTokens = OptionalInt.of(tokens);
            return this;
        }

        public Draft temperature(double value) {
            temperature = OptionalDouble.of(value);
            return this;
        }

        public Draft topP(double value) {
            topP = OptionalDouble.of(value);
            return this;
        }

        public Draft topK(int tokens) {
            topK = OptionalInt.of(tokens);
            return this;
        }

        public Draft presencePenalty(double value) {
            presencePenalty = OptionalDouble.of(value);
            return this;
        }

        public Draft frequencyPenalty(double value) {
            frequencyPenalty = OptionalDouble.of(value);
            return this;
        }

        public Draft seed(long value) {
            seed = OptionalLong.of(value);
            return this;
        }

        public Draft stop(List<String> texts) {
            stop = List.copyOf(texts);
            return this;
        }

        public Draft likelihoods(int tokens) {
            likelihoods = OptionalInt.of(tokens);
            return this;
        }

        public Draft parallelTools(boolean may) {
            parallelTools = may;
            return this;
        }

        public Draft user(String name) {
            user = name;
            return this;
        }

        public Sampling build() {
            return new Sampling(
                    maxTokens,
                    temperature,
                    topP,
                    topK,
                    presencePenalty,
                    frequencyPenalty,
                    seed,
                    stop,
                    likelihoods,
                    Optional.ofNullable(parallelTools),
                    Optional.ofNullable(user));
        }
    }
}

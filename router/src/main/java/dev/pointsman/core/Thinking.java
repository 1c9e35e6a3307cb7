package dev.pointsman.core;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How much a model is to reason before it answers.
 *
 * @param effort in words; empty if not said so
 * @param budget in tokens, 0 for none; empty if not said so
 * @param least whether the least that the model offers is wanted, its limit of tokens being raised
 *     by what that takes
 * @param shown whether the caller wants to see a summary of it; empty if not said
 */
public record Thinking(
        Optional<Effort> effort, OptionalInt budget, boolean least, Optional<Boolean> shown) {

    /** Nothing is said: as the model does by itself. */
    public static final Thinking UNSAID =
            new Thinking(Optional.empty(), OptionalInt.empty(), false, Optional.empty());

    /** Levels of effort, least first. */
    public enum Effort {
        NONE,
        MINIMAL,
        LOW,
        MEDIUM,
        HIGH,
        XHIGH,
        MAX;

        private static final int FEW = 1_024;
        private static final int SOME = 4_096;
        private static final int MANY = 16_384;
        private static final int MOST = 32_768;

        /** The level nearest to a budget of tokens. */
        public static Effort ofBudget(int tokens) {
            if (tokens <= 0) {
                return NONE;
            }
            if (tokens < FEW) {
                return MINIMAL;
            }
            if (tokens <= SOME) {
                return LOW;
            }
            if (tokens <= MANY) {
                return MEDIUM;
            }
            return tokens <= MOST ? HIGH : XHIGH;
        }

        /** The budget of tokens nearest to a level. */
        public int budget() {
            return switch (this) {
                case NONE -> 0;
                case MINIMAL -> FEW / 2;
                case LOW -> SOME / 2;
                case MEDIUM -> MANY / 2;
                case HIGH -> MANY + MANY / 2;
                case XHIGH, MAX -> MOST;
            };
        }
    }

    /** The effort wanted, said in words or by a budget. */
    public Optional<Effort> level() {
        return effort.isPresent() || budget.isEmpty()
                ? effort
                : Optional.of(Effort.ofBudget(budget.getAsInt()));
    }

    /** The budget wanted, said as such or by a level. */
    public OptionalInt tokens() {
        if (budget.isPresent() || effort.isEmpty()) {
            return budget;
        }
        return OptionalInt.of(effort.get().budget());
    }
}

package dev.pointsman.core;

import java.util.Locale;
import java.util.Optional;

/**
 * What the conversation that a task belongs to did to its decision. A model that read a
 * conversation keeps it in its prompt cache for a while; another one has to be paid for reading it
 * again.
 */
public sealed interface SessionStep {

    /** Nothing of the conversation is warm at any model, so that routing is free. */
    record Free() implements SessionStep {}

    /** Routing chose the conversation's model by itself. */
    record Agreed() implements SessionStep {}

    /**
     * Routing chose another model, and the conversation's own was put before it.
     *
     * @param vetoed the model that routing chose, as {@code provider/id}
     * @param extra what the change would have cost; unknown where a price is
     * @param allowed what the conversation may still spend on changes; unknown where {@code extra}
     *     is
     */
    record Stayed(String vetoed, Reason reason, Money extra, Money allowed)
            implements SessionStep {}

    /**
     * Routing chose another model, and the change was worth its price.
     *
     * @param from the conversation's model until now, as {@code provider/id}
     * @param extra what the change costs by estimate
     * @param allowed what the conversation might spend on it
     */
    record Switched(String from, Money extra, Money allowed) implements SessionStep {}

    /**
     * The conversation's model cannot do this task, or is not where the caller's own choice looks.
     *
     * @param from that model, as {@code provider/id}
     */
    record Left(String from) implements SessionStep {}

    /** Why a conversation stays. */
    enum Reason {
        /** The last turn gives what a tool gave: whoever asked for it reads it. */
        TOOL_LOOP,
        /** The change would cost more than the policy lets a conversation spend on changes. */
        SWITCH_SPEND,
        /** A price is unknown, so that nobody can say what the change would cost. */
        PRICE_UNKNOWN;

        /** The name in reports and JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a change of the model costs, made or vetoed; unknown where there is none or a price is.
     */
    default Money cost() {
        return switch (this) {
            case Stayed step -> step.extra;
            case Switched step -> step.extra;
            case Free step -> Money.UNKNOWN;
            case Agreed step -> Money.UNKNOWN;
            case Left step -> Money.UNKNOWN;
        };
    }

    /** Whether the first choice is the conversation's model, which no other may stand in for. */
    default boolean binds() {
        return this instanceof Agreed || this instanceof Stayed;
    }

    /** The model that routing chose and did not get; empty if it got its choice. */
    default Optional<Stayed> veto() {
        return this instanceof Stayed stayed ? Optional.of(stayed) : Optional.empty();
    }

    /** The name in headers, reports and JSON: {@code free}, {@code stayed} or {@code switched}. */
    default String label() {
        return switch (this) {
            case Free step -> "free";
            case Agreed step -> "stayed";
            case Stayed step -> "stayed";
            case Switched step -> "switched";
            case Left step -> "switched";
        };
    }

    /** For people. */
    default String words() {
        return switch (this) {
            case Free step -> "nothing of the conversation is warm: routing is free";
            case Agreed step -> "routing chose the conversation's model";
            case Stayed step ->
                    switch (step.reason) {
                        case TOOL_LOOP ->
                                "stays for the answer to a tool's result, instead of "
                                        + step.vetoed;
                        case SWITCH_SPEND ->
                                "stays: "
                                        + step.vetoed
                                        + " would cost "
                                        + step.extra
                                        + " more, and "
                                        + step.allowed
                                        + " is allowed";
                        case PRICE_UNKNOWN ->
                                "stays: a price is unknown, and so is what "
                                        + step.vetoed
                                        + " would cost more";
                    };
            case Switched step ->
                    "leaves "
                            + step.from
                            + " for "
                            + step.extra
                            + " more, of "
                            + step.allowed
                            + " allowed";
            case Left step -> "leaves " + step.from + ", which cannot do this";
        };
    }
}

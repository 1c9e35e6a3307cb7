package dev.pointsman.core;

import java.util.List;
import java.util.Optional;

/** A piece of an answer, in the order in which it came. */
public sealed interface AnswerEvent {

    /**
     * The answer begins.
     *
     * @param model the provider's name for the model; empty if it told none
     */
    record Begun(String model) implements AnswerEvent {}

    /** More of the answer. */
    record Text(String delta) implements AnswerEvent {}

    /** More of the reasoning before or within the answer, where the provider shows it. */
    record Reasoning(String delta) implements AnswerEvent {}

    /** The reasoning so far is complete, and this is what its maker wants back for it. */
    record Sealed(Seal seal) implements AnswerEvent {}

    /** More of the words with which the model refuses. */
    record Refusal(String delta) implements AnswerEvent {}

    /**
     * The model asks for a tool.
     *
     * @param slot which of the answer's calls it is; arguments name it again
     * @param name as the provider says it
     * @param seal what its maker wants back with the call
     */
    record ToolCall(int slot, String id, ToolName name, Optional<Seal> seal)
            implements AnswerEvent {}

    /** More of the JSON text of a call's arguments. */
    record ToolArguments(int slot, String delta) implements AnswerEvent {}

    /** Where the text before it was found. */
    record Cited(Citation citation) implements AnswerEvent {}

    /** How likely the tokens were that came with the text before it. */
    record Likelihoods(List<TokenLikelihood> tokens) implements AnswerEvent {}

    /**
     * Content of another kind.
     *
     * @param kind the provider's name for it, for example {@code image}
     */
    record Other(String kind) implements AnswerEvent {}

    /** The tokens so far; each replaces the one before. */
    record Tokens(Usage usage) implements AnswerEvent {}

    /** Why the answer ended; more tokens may follow it. */
    record Stopped(Answer.Stop stop) implements AnswerEvent {}

    /** The provider's own end of the stream. */
    record End() implements AnswerEvent {}

    /** The provider says within the stream that it failed. */
    record Failed(Failure failure) implements AnswerEvent {}

    /** Whether it brings something of the answer itself. */
    default boolean isContent() {
        return switch (this) {
            case Text e -> true;
            case Reasoning e -> true;
            case Refusal e -> true;
            case ToolCall e -> true;
            case ToolArguments e -> true;
            case Other e -> true;
            case Begun e -> false;
            case Sealed e -> false;
            case Cited e -> false;
            case Likelihoods e -> false;
            case Tokens e -> false;
            case Stopped e -> false;
            case End e -> false;
            case Failed e -> false;
        };
    }
}

package dev.pointsman.core;

/** A piece of a streamed answer, in the order in which it came. */
public sealed interface AnswerEvent {

    /** More of the answer. */
    record Text(String delta) implements AnswerEvent {}

    /** More of the reasoning before or within the answer, where the provider shows it. */
    record Reasoning(String delta) implements AnswerEvent {}

    /** Content that is no text: a tool's arguments, an image, a signature. */
    record Other() implements AnswerEvent {}

    /** The tokens so far; each replaces the one before. */
    record Tokens(Usage usage) implements AnswerEvent {}

    /** Why the answer ended; more tokens may follow it. */
    record Stopped(Answer.Stop stop) implements AnswerEvent {}

    /** The provider's own end of the stream. */
    record End() implements AnswerEvent {}

    /** The provider says within the stream that it failed. */
    record Failed(Failure failure) implements AnswerEvent {}
}

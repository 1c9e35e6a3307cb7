package dev.pointsman.core;

/**
 * What a model answered.
 *
 * @param text the answer without its reasoning
 * @param usage its tokens
 * @param stop why it ended
 */
public record Answer(String text, Usage usage, Stop stop) {

    /** Why an answer ended. */
    public enum Stop {
        /** It was complete. */
        END,
        /** It reached the limit of tokens: the text is cut. */
        MAX_TOKENS,
        /** The model asks for tools and goes on with their results. */
        TOOL_CALLS,
        /** A stop sequence came up. */
        STOP_SEQUENCE,
        /** The provider refused or filtered it. */
        REFUSAL,
        /** Another reason, of which Pointsman has no name. */
        OTHER
    }
}

package dev.pointsman.core;

/** Whether the model must, may or must not ask for a tool. */
public sealed interface ToolChoice {

    /** As the model likes. */
    record Auto() implements ToolChoice {}

    /** It must not. */
    record None() implements ToolChoice {}

    /** It must, whichever it likes. */
    record Required() implements ToolChoice {}

    /** It must ask for this one. */
    record Named(ToolName tool) implements ToolChoice {}
}

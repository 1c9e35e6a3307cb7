package dev.pointsman.wire;

import dev.pointsman.core.Seal;
import dev.pointsman.core.ToolName;

import java.util.Optional;

/** A run of an answer's content that is of one kind. */
sealed interface Block {

    record Text() implements Block {}

    record Reasoning() implements Block {}

    record Refusal() implements Block {}

    /** A call; its pieces are the JSON text of the arguments. */
    record Call(String id, ToolName tool, Optional<Seal> seal) implements Block {}
}

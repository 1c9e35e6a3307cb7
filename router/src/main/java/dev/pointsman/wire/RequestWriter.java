package dev.pointsman.wire;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Model;
import dev.pointsman.core.ToolName;

import java.util.Optional;

/** Writes requests of one format. Implementations are stateless and thread-safe. */
interface RequestWriter {

    /**
     * Why a conversation cannot be said in this format, in a few words such as {@code no images in
     * tool results}; empty if it can.
     */
    Optional<String> obstacle(Conversation conversation, Model model);

    /**
     * What to send for a conversation without obstacle. What the format or the model has no place
     * for and is left out without harm is named in {@link WireRequest#dropped}.
     *
     * @throws IllegalArgumentException if a schema of a task is not the JSON text of an object
     */
    WireRequest write(Conversation conversation, Model model, boolean stream);

    /** What a tool is called in this format. Depends on the name alone. */
    String toolName(ToolName name);
}

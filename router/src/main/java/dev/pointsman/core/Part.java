package dev.pointsman.core;

import java.util.List;
import java.util.Optional;

/** A piece of a message. */
public sealed interface Part {

    record Text(String text) implements Part {}

    record Picture(Image image) implements Part {}

    /**
     * A document, a sound or any other file.
     *
     * @param mediaType for example {@code application/pdf}; empty if the caller did not say
     * @param source its bytes, or where the provider can fetch it
     * @param name the file's name or title
     */
    record File(String mediaType, Source source, Optional<String> name) implements Part {

        /** Where a file's bytes are. */
        public sealed interface Source {}

        /** In the request, in base64 of the standard alphabet. */
        public record Data(String base64) implements Source {

            @Override
            public String toString() {
                return "Data[" + base64.length() + " base64 characters]";
            }
        }

        /** At an address that the provider, not Pointsman, reads. */
        public record Url(String url) implements Source {}
    }

    /**
     * The model asks for a tool.
     *
     * @param id names the call, so that its result can be told; unique in the conversation
     * @param arguments JSON text, as the model gave it: an object unless the model erred
     * @param seal what its maker wants back with it
     */
    record ToolCall(String id, ToolName tool, String arguments, Optional<Seal> seal)
            implements Part {}

    /**
     * What a tool gave.
     *
     * @param callId the call that is answered
     * @param content texts, pictures and files; may be empty
     * @param error whether the tool failed
     */
    record ToolResult(String callId, List<Part> content, boolean error) implements Part {
        public ToolResult {
            content = List.copyOf(content);
        }
    }

    /**
     * What the model thought.
     *
     * @param text what is shown of it; may be empty
     * @param seal what its maker wants back
     */
    record Reasoning(String text, Optional<Seal> seal) implements Part {}

    /** The model's words of refusal. */
    record Refusal(String text) implements Part {}
}

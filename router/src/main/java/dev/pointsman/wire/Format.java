package dev.pointsman.wire;

import java.util.Arrays;
import java.util.Optional;

/** A wire format. */
public enum Format {
    /** Anthropic Messages: {@code POST /v1/messages}. */
    ANTHROPIC_MESSAGES("anthropic-messages", new AnthropicCodec()),
    /**
     * OpenAI Chat Completions, spoken by most other providers too: {@code POST /chat/completions}.
     */
    OPENAI_CHAT("openai-chat", new ChatCodec()),
    /** OpenAI Responses: {@code POST /responses}. */
    OPENAI_RESPONSES("openai-responses", new ResponsesCodec()),
    /** Gemini: {@code POST /v1beta/models/{model}:generateContent}. */
    GEMINI("gemini", new GeminiCodec());

    private final String label;
    private final Codec codec;

    Format(String label, Codec codec) {
        this.label = label;
        this.codec = codec;
    }

    /** The name in policy files. */
    public String label() {
        return label;
    }

    public static Optional<Format> of(String label) {
        return Arrays.stream(values()).filter(format -> format.label.equals(label)).findFirst();
    }

    /** What reads and writes it. Stateless and thread-safe. */
    public Codec codec() {
        return codec;
    }
}

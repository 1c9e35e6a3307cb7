package dev.pointsman.wire;

import java.util.Arrays;
import java.util.Optional;

/** A wire format. */
public enum Format {
    /** Anthropic Messages: {@code POST /v1/messages}. */
    ANTHROPIC_MESSAGES(
            "anthropic-messages",
            new AnthropicCodec(),
            new AnthropicRequestReader(),
            new AnthropicRequestWriter(),
            new AnthropicAnswerWriter()),
    /**
     * OpenAI Chat Completions, spoken by most other providers too: {@code POST /chat/completions}.
     */
    OPENAI_CHAT(
            "openai-chat",
            new ChatCodec(),
            new ChatRequestReader(),
            new ChatRequestWriter(),
            new ChatAnswerWriter()),
    /** OpenAI Responses: {@code POST /responses}. */
    OPENAI_RESPONSES(
            "openai-responses",
            new ResponsesCodec(),
            new ResponsesRequestReader(),
            new ResponsesRequestWriter(),
            new ResponsesAnswerWriter()),
    /** Gemini: {@code POST /v1beta/models/{model}:generateContent}. */
    GEMINI(
            "gemini",
            new GeminiCodec(),
            new GeminiRequestReader(),
            new GeminiRequestWriter(),
            new GeminiAnswerWriter());

    private final String label;
    private final Codec codec;
    private final RequestReader requestReader;
    private final RequestWriter requestWriter;
    private final AnswerWriter answerWriter;

    Format(
            String label,
            Codec codec,
            RequestReader requestReader,
            RequestWriter requestWriter,
            AnswerWriter answerWriter) {
        this.label = label;
        this.codec = codec;
        this.requestReader = requestReader;
        this.requestWriter = requestWriter;
        this.answerWriter = answerWriter;
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

    RequestReader requestReader() {
        return requestReader;
    }

    RequestWriter requestWriter() {
        return requestWriter;
    }

    AnswerWriter answerWriter() {
        return answerWriter;
    }
}

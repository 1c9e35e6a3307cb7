package dev.pointsman.gateway;

import dev.pointsman.wire.Format;
import dev.pointsman.wire.Operation;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a path stands for. Clients put {@code /v1} before it, or not, or twice. */
sealed interface Endpoint {

    /**
     * A model is asked.
     *
     * @param model the model that the path names; empty where the body does
     * @param stream whether the path asks for a stream
     */
    record Ask(Format format, Operation operation, Optional<String> model, boolean stream)
            implements Endpoint {}

    /**
     * Models are looked up.
     *
     * @param gemini whether the path is Gemini's own
     * @param model the only one; empty for all
     */
    record Models(boolean gemini, Optional<String> model) implements Endpoint {}

    /** The root, which clients look at to see whether anybody is there. */
    record Root() implements Endpoint {}

    /** Nothing that is served. */
    record Unknown() implements Endpoint {}

    Pattern VERSION = Pattern.compile("^(/v1|/v1beta|/v1alpha)+(?=/|$)");

    Ask CHAT = ask(Format.OPENAI_CHAT, Operation.ANSWER);
    Ask RESPONSES = ask(Format.OPENAI_RESPONSES, Operation.ANSWER);
    Ask EMBEDDINGS = ask(Format.OPENAI_CHAT, Operation.EMBED);
    Ask MESSAGES = ask(Format.ANTHROPIC_MESSAGES, Operation.ANSWER);
    Ask COUNT_TOKENS = ask(Format.ANTHROPIC_MESSAGES, Operation.COUNT_TOKENS);

    private static Ask ask(Format format, Operation operation) {
        return new Ask(format, operation, Optional.empty(), false);
    }

    static Endpoint of(String path) {
        return switch (path) {
            case "/v1/chat/completions" -> CHAT;
            case "/v1/messages" -> MESSAGES;
            case "/v1/responses" -> RESPONSES;
            default -> other(path);
        };
    }

    private static Endpoint other(String path) {
        String rest = VERSION.matcher(path).replaceFirst("");
        return switch (rest) {
            case "", "/" -> new Root();
            case "/chat/completions" -> CHAT;
            case "/responses" -> RESPONSES;
            case "/embeddings" -> EMBEDDINGS;
            case "/messages" -> MESSAGES;
            case "/messages/count_tokens" -> COUNT_TOKENS;
            case "/models" -> new Models(isGemini(path), Optional.empty());
            default -> underModels(path, rest);
        };
    }

    /** Some clients of Gemini leave {@code models/} away before a name with a slash. */
    private static Endpoint underModels(String path, String rest) {
        if (rest.startsWith("/models/")) {
            return model(isGemini(path), rest.substring("/models/".length()));
        }
        return rest.indexOf(':') > 0 && model(true, rest.substring(1)) instanceof Ask ask
                ? ask
                : new Unknown();
    }

    private static boolean isGemini(String path) {
        return path.startsWith("/v1beta") || path.startsWith("/v1alpha");
    }

    private static Endpoint model(boolean gemini, String rest) {
        int colon = rest.lastIndexOf(':');
        String method = colon < 0 ? "" : rest.substring(colon + 1);
        return switch (method) {
            case "generateContent" -> gemini(rest, colon, Operation.ANSWER, false);
            case "streamGenerateContent" -> gemini(rest, colon, Operation.ANSWER, true);
            case "countTokens" -> gemini(rest, colon, Operation.COUNT_TOKENS, false);
            case "embedContent" -> gemini(rest, colon, Operation.EMBED, false);
            case "batchEmbedContents" -> gemini(rest, colon, Operation.EMBED_BATCH, false);
            default ->
                    decoded(rest)
                            .<Endpoint>map(id -> new Models(gemini, Optional.of(id)))
                            .orElse(new Unknown());
        };
    }

    private static Endpoint gemini(String rest, int colon, Operation operation, boolean stream) {
        return decoded(rest.substring(0, colon))
                .<Endpoint>map(id -> new Ask(Format.GEMINI, operation, Optional.of(id), stream))
                .orElse(new Unknown());
    }

    private static Optional<String> decoded(String part) {
        try {
            return Optional.of(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .filter(id -> !id.isBlank());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

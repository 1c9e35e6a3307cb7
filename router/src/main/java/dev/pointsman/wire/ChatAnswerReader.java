package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Citation;
import dev.pointsman.core.TokenLikelihood;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Reads what a chat answer says, whole or one piece of it, with the ways of providers other than
 * OpenAI. Has state; reads one piece.
 */
final class ChatAnswerReader {

    private final Consumer<AnswerEvent> out;
    private final ChatCalls calls;
    private boolean reasoned;

    /**
     * @param calls those that came before
     */
    ChatAnswerReader(ChatCalls calls, Consumer<AnswerEvent> out) {
        this.calls = calls;
        this.out = out;
    }

    /**
     * @param message a message, or more of one
     * @param logprobs of its text
     */
    void read(JsonNode message, JsonNode logprobs, String answerId, boolean whole) {
        reasoning(message);
        content(message.path("content"));
        String refusal = ChatFields.text(message.path("refusal"));
        if (!refusal.isEmpty()) {
            out.accept(new AnswerEvent.Refusal(refusal));
        }
        if (message.path("content").isTextual() && (whole || !reasoned)) {
            likelihoods(logprobs.path("content"));
        }
        message.path("annotations").forEach(this::annotation);
        for (JsonNode call : message.path("tool_calls")) {
            calls.read(call, answerId, whole, out);
        }
        if (message.path("function_call").isObject()) {
            calls.function(message.path("function_call"), answerId, out);
        }
        for (String field : List.of("audio", "images")) {
            if (!Fields.isAbsent(message.path(field))) {
                out.accept(new AnswerEvent.Other(field));
            }
        }
    }

    /** Providers name it in two ways, and some in both. */
    private void reasoning(JsonNode message) {
        for (String field : List.of("reasoning_content", "reasoning")) {
            String said = ChatFields.text(message.path(field));
            if (!said.isEmpty()) {
                reasoned = true;
                out.accept(new AnswerEvent.Reasoning(said));
                return;
            }
        }
    }

    private void content(JsonNode content) {
        switch (content.getNodeType()) {
            case STRING -> text(content.textValue());
            case ARRAY -> content.forEach(this::part);
            case OBJECT -> part(content);
            case NUMBER, BOOLEAN -> text(content.asText());
            default -> {
                // nothing
            }
        }
    }

    private void text(String said) {
        if (!said.isEmpty()) {
            out.accept(new AnswerEvent.Text(said));
        }
    }

    private void part(JsonNode part) {
        if (part.isTextual()) {
            text(part.textValue());
            return;
        }
        switch (part.path("type").asText("text")) {
            case "text", "output_text" -> text(ChatFields.text(part.path("text")));
            case "thinking" -> thinking(part.path("thinking"));
            case "refusal" -> out.accept(new AnswerEvent.Refusal(part.path("refusal").asText()));
            case "reference" -> {
                // marks of sources without an address
            }
            default -> out.accept(new AnswerEvent.Other(part.path("type").asText()));
        }
    }

    /** Mistral's place for reasoning: a list of texts. */
    private void thinking(JsonNode said) {
        StringBuilder thought = new StringBuilder(ChatFields.text(said));
        for (JsonNode piece : said) {
            thought.append(ChatFields.text(piece.path("text")));
        }
        if (!thought.isEmpty()) {
            out.accept(new AnswerEvent.Reasoning(thought.toString()));
        }
    }

    private void annotation(JsonNode annotation) {
        JsonNode said = annotation.path("url_citation");
        String url = ChatFields.text(said.path("url"));
        if (!url.isEmpty()) {
            out.accept(
                    new AnswerEvent.Cited(
                            new Citation(
                                    url,
                                    optional(said.path("title")),
                                    optional(said.path("content")),
                                    place(said.path("start_index")),
                                    place(said.path("end_index")))));
        }
    }

    private static Optional<String> optional(JsonNode said) {
        return Optional.of(ChatFields.text(said)).filter(text -> !text.isEmpty());
    }

    private static OptionalInt place(JsonNode said) {
        return said.isInt() && said.intValue() >= 0
                ? OptionalInt.of(said.intValue())
                : OptionalInt.empty();
    }

    private void likelihoods(JsonNode said) {
        if (!said.isArray() || said.isEmpty()) {
            return;
        }
        List<TokenLikelihood> tokens = new ArrayList<>();
        for (JsonNode token : said) {
            List<TokenLikelihood> top = new ArrayList<>();
            for (JsonNode likely : token.path("top_logprobs")) {
                top.add(likelihood(likely, List.of()));
            }
            tokens.add(likelihood(token, top));
        }
        out.accept(new AnswerEvent.Likelihoods(tokens));
    }

    private static TokenLikelihood likelihood(JsonNode token, List<TokenLikelihood> top) {
        return new TokenLikelihood(
                ChatFields.text(token.path("token")),
                Math.min(0, token.path("logprob").asDouble()),
                top);
    }

    static Stop stop(String reason) {
        return switch (reason) {
            case "stop" -> Stop.END;
            case "length", "max_tokens", "model_length" -> Stop.MAX_TOKENS;
            case "content_filter", "sensitive" -> Stop.REFUSAL;
            case "tool_calls", "function_call" -> Stop.TOOL_CALLS;
            case "stop_sequence" -> Stop.STOP_SEQUENCE;
            default -> Stop.OTHER;
        };
    }
}

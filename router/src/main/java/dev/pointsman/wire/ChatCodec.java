package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Usage;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/** OpenAI Chat Completions, as OpenAI and the many providers that follow it speak it. */
final class ChatCodec implements Codec {

    /** Reasons of an end that is none: those of Mistral and OpenRouter, and of Z.ai. */
    private static final Set<String> FAILED = Set.of("error", "network_error");

    static final Failure FAILED_MIDWAY =
            new Failure.ServerError(false, "the provider failed while it answered");

    @Override
    public Format format() {
        return Format.OPENAI_CHAT;
    }

    @Override
    public void read(byte[] body, Consumer<AnswerEvent> out) throws ProtocolException {
        JsonNode json = Json.readAnswer(body);
        JsonNode choice = json.path("choices").path(0);
        JsonNode error = error(json, choice);
        if (!error.isMissingNode()) {
            throw new ProtocolException(HttpFailures.inBand(error));
        }
        if (!choice.path("message").isObject()) {
            throw ProtocolException.garbled("the answer has no choices");
        }
        begin(json, out);
        ChatCalls calls = new ChatCalls();
        String id = ChatFields.text(json.path("id"));
        new ChatAnswerReader(calls, out)
                .read(choice.path("message"), choice.path("logprobs"), id, true);
        calls.end(out);
        sources(json, out);
        tokens(json, choice, out);
        String reason = ChatFields.text(choice.path("finish_reason"));
        out.accept(new AnswerEvent.Stopped(ChatAnswerReader.stop(reason)));
        out.accept(new AnswerEvent.End());
    }

    @Override
    public String path(Operation operation, String model, boolean stream) {
        return operation == Operation.EMBED ? "/embeddings" : "/chat/completions";
    }

    @Override
    public Usage usage(JsonNode json, Usage before) {
        return OpenAiUsage.chat(json);
    }

    @Override
    public Map<String, String> credentials(Secret key) {
        return OpenAi.bearer(key);
    }

    @Override
    public StreamReader stream() {
        return new Stream();
    }

    /** Clients look for an error of the event's own, not at the reason of a choice's end. */
    @Override
    public boolean tellsFailure(String data) throws ProtocolException {
        JsonNode error = Json.readEvent(data).path("error");
        return error.isObject() || error.isTextual();
    }

    /** Whether a chunk of a stream holds usage and nothing else. */
    static boolean isUsageOnly(String data) throws ProtocolException {
        if (data.startsWith("[")) {
            return false;
        }
        JsonNode json = Json.readEvent(data);
        return json.path("usage").isObject()
                && json.path("choices").isArray()
                && json.path("choices").isEmpty();
    }

    /** Where an answer or a chunk tells of a failure; missing if it does not. */
    private static JsonNode error(JsonNode json) {
        JsonNode error = json.path("error");
        if (error.isObject() || error.isTextual()) {
            return error;
        }
        return json.path("object").asText().equals("error") ? json : MissingNode.getInstance();
    }

    /** OpenRouter tells in the choice that the model's provider failed; some only that it did. */
    private static JsonNode error(JsonNode json, JsonNode choice) {
        JsonNode error = error(json);
        if (!error.isMissingNode()) {
            return error;
        }
        if (choice.path("error").isObject()) {
            return choice.path("error");
        }
        return isFailure(choice.path("finish_reason").asText())
                ? Json.object().put("message", FAILED_MIDWAY.message())
                : error;
    }

    /** Whether an answer that ends for that reason is none. */
    static boolean isFailure(String finishReason) {
        return FAILED.contains(finishReason);
    }

    private static void begin(JsonNode json, Consumer<AnswerEvent> out) {
        String model = ChatFields.text(json.path("model"));
        if (!model.isEmpty()) {
            out.accept(new AnswerEvent.Begun(model));
        }
    }

    private static void tokens(JsonNode json, JsonNode choice, Consumer<AnswerEvent> out) {
        JsonNode counted = counted(json, choice);
        if (counted.isObject()) {
            Usage usage = OpenAiUsage.at(json, OpenAiUsage.chat(counted));
            out.accept(new AnswerEvent.Tokens(usage));
        }
    }

    /** Moonshot counts in the choice, Groq beside the answer. */
    private static JsonNode counted(JsonNode json, JsonNode choice) {
        if (json.path("usage").isObject()) {
            return json.path("usage");
        }
        JsonNode inChoice = choice.path("usage");
        return inChoice.isObject() ? inChoice : json.path("x_groq").path("usage");
    }

    /** Perplexity and xAI name the pages beside the answer, without places in it. */
    private static void sources(JsonNode json, Consumer<AnswerEvent> out) {
        for (JsonNode source : json.path("citations")) {
            String url = ChatFields.text(source);
            if (!url.isEmpty()) {
                out.accept(
                        new AnswerEvent.Cited(
                                new Citation(
                                        url,
                                        Optional.empty(),
                                        Optional.empty(),
                                        OptionalInt.empty(),
                                        OptionalInt.empty())));
            }
        }
    }

    /**
     * Ends at {@code [DONE]}; for servers that send none, at the end of the bytes if a finish
     * reason came.
     */
    private static final class Stream implements StreamReader {
        private final ChatCalls calls = new ChatCalls();
        private boolean begun;
        private boolean finished;
        private boolean ended;
        private boolean sourced;

        @Override
        public void read(ServerSentEvent event, Consumer<AnswerEvent> out)
                throws ProtocolException {
            if (event.data().strip().equals("[DONE]")) {
                end(out);
                return;
            }
            JsonNode json = Json.readEvent(event.data());
            JsonNode choice = json.path("choices").path(0);
            JsonNode error = error(json, choice, event.name());
            if (!error.isMissingNode()) {
                out.accept(new AnswerEvent.Failed(HttpFailures.inBand(error)));
                return;
            }
            if (!begun && json.has("choices")) {
                begun = true;
                begin(json, out);
            }
            if (choice.path("delta").isObject()) {
                new ChatAnswerReader(calls, out)
                        .read(
                                choice.path("delta"),
                                choice.path("logprobs"),
                                ChatFields.text(json.path("id")),
                                false);
            }
            tokens(json, choice, out);
            if (choice.path("finish_reason").isTextual()) {
                finish(json, choice.path("finish_reason").textValue(), out);
            }
        }

        private static JsonNode error(JsonNode json, JsonNode choice, String name) {
            JsonNode error = ChatCodec.error(json, choice);
            return error.isMissingNode() && name.equals("error") ? json : error;
        }

        private void finish(JsonNode json, String reason, Consumer<AnswerEvent> out) {
            if (reason.isEmpty()) {
                return;
            }
            finished = true;
            calls.end(out);
            if (!sourced) {
                sourced = true;
                sources(json, out);
            }
            out.accept(new AnswerEvent.Stopped(ChatAnswerReader.stop(reason)));
        }

        @Override
        public void close(Consumer<AnswerEvent> out) {
            if (finished) {
                end(out);
            }
        }

        private void end(Consumer<AnswerEvent> out) {
            if (!ended) {
                ended = true;
                calls.end(out);
                out.accept(new AnswerEvent.End());
            }
        }
    }
}

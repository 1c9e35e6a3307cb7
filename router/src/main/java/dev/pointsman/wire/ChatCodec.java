package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Part;
import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** OpenAI Chat Completions, as OpenAI and the many providers that follow it speak it. */
final class ChatCodec implements Codec {

    private static final int MOST_STOPS = 4;

    @Override
    public WireRequest request(Task task, Model model, boolean stream) {
        List<String> dropped = new ArrayList<>();
        LeastReasoning least = LeastReasoning.of(model);
        boolean reasoner = LeastReasoning.isOpenAiReasoner(model);
        ObjectNode body = Json.object();
        body.put("model", model.id());
        ArrayNode messages = body.putArray("messages");
        task.system()
                .ifPresent(system ->
                        messages.addObject().put("role", "system").put("content", system));
        for (Message message : task.messages()) {
            messages.add(message(message));
        }
        int limit = task.maxTokens() + (task.wantsLeastReasoning() ? least.allowance() : 0);
        body.put(reasoner ? "max_completion_tokens" : "max_tokens", limit);
        if (task.wantsLeastReasoning()) {
            least.effort().ifPresent(effort -> body.put("reasoning_effort", effort));
        }
        task.temperature().ifPresent(value -> temperature(body, value, model, dropped));
        stops(body, task.stop(), reasoner, dropped);
        task.responseSchema().ifPresent(schema -> schema(body, schema));
        if (stream) {
            body.put("stream", true).putObject("stream_options").put("include_usage", true);
        }
        return new WireRequest("/chat/completions", Map.of(), Body.of(Json.bytes(body)), dropped);
    }

    @Override
    public String path(Operation operation, String model, boolean stream) {
        return operation == Operation.EMBED ? "/embeddings" : "/chat/completions";
    }

    @Override
    public Usage usage(JsonNode json, Usage before) {
        return OpenAi.chatUsage(json);
    }

    @Override
    public Map<String, String> credentials(Secret key) {
        return OpenAi.bearer(key);
    }

    @Override
    public Answer answer(byte[] body) throws ProtocolException {
        JsonNode json = Json.readAnswer(body);
        if (json.path("error").isObject()) {
            throw new ProtocolException(HttpFailures.inBand(json.path("error")));
        }
        JsonNode choice = json.path("choices").path(0);
        if (!choice.path("message").isObject()) {
            throw ProtocolException.garbled("the answer has no choices");
        }
        JsonNode message = choice.path("message");
        boolean refused = message.path("refusal").isTextual();
        String text = refused ? message.path("refusal").asText() : text(message.path("content"));
        Usage usage = OpenAi.chatUsage(json.path("usage"));
        return new Answer(
                text, usage, refused ? Stop.REFUSAL : stop(choice.path("finish_reason").asText()));
    }

    @Override
    public StreamReader stream() {
        return new Stream();
    }

    @Override
    public byte[] writeAnswer(Answer answer, String model) {
        ObjectNode json = envelope("chat.completion", model);
        ObjectNode choice = json.putArray("choices").addObject().put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", answer.text());
        choice.put("finish_reason", finishReason(answer.stop()));
        json.set("usage", OpenAi.writeChatUsage(answer.usage()));
        return Json.bytes(json);
    }

    @Override
    public byte[] writeStream(Answer answer, String model) {
        Pieces stream = new Pieces();
        stream.data(chunk(model, Json.object().put("role", "assistant").put("content", ""), ""));
        for (String piece : Pieces.of(answer.text())) {
            stream.data(chunk(model, Json.object().put("content", piece), ""));
        }
        stream.data(chunk(model, Json.object(), finishReason(answer.stop())));
        ObjectNode last = envelope("chat.completion.chunk", model);
        last.putArray("choices");
        last.set("usage", OpenAi.writeChatUsage(answer.usage()));
        return stream.data(Json.text(last)).data("[DONE]").bytes();
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

    private static String chunk(String model, ObjectNode delta, String finish) {
        ObjectNode json = envelope("chat.completion.chunk", model);
        ObjectNode choice = json.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        if (finish.isEmpty()) {
            choice.putNull("finish_reason");
        } else {
            choice.put("finish_reason", finish);
        }
        return Json.text(json);
    }

    private static ObjectNode envelope(String object, String model) {
        return Json.object()
                .put("id", "chatcmpl-pointsman")
                .put("object", object)
                .put("created", 0)
                .put("model", model);
    }

    private static ObjectNode message(Message message) {
        ObjectNode json = Json.object().put("role", message.role().name().toLowerCase(Locale.ROOT));
        if (message.images() == 0) {
            return json.put("content", message.text());
        }
        ArrayNode content = json.putArray("content");
        for (Part part : message.parts()) {
            switch (part) {
                case Part.Text text ->
                        content.addObject().put("type", "text").put("text", text.text());
                case Part.Picture picture ->
                        content.addObject()
                                .put("type", "image_url")
                                .putObject("image_url")
                                .put("url", OpenAi.imageUrl(picture.image()));
            }
        }
        return json;
    }

    private static void temperature(
            ObjectNode body, double value, Model model, List<String> dropped) {
        if (model.cannot(Ability.TEMPERATURE)) {
            dropped.add("temperature");
        } else {
            body.put("temperature", value);
        }
    }

    private static void stops(
            ObjectNode body, List<String> stop, boolean reasoner, List<String> dropped) {
        if (stop.isEmpty()) {
            return;
        }
        if (reasoner) {
            dropped.add("stop");
            return;
        }
        if (stop.size() > MOST_STOPS) {
            dropped.add("stop beyond the fourth");
        }
        stop.stream().limit(MOST_STOPS).forEach(body.putArray("stop")::add);
    }

    private static void schema(ObjectNode body, String schema) {
        ObjectNode format = body.putObject("response_format").put("type", "json_schema");
        format.putObject("json_schema")
                .put("name", "answer")
                .put("strict", true)
                .set("schema", Json.readSchema(schema));
    }

    /** Content is a text, or with some providers a list of parts. */
    private static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.isNull() ? "" : content.asText();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            text.append(part.path("text").asText());
        }
        return text.toString();
    }

    private static Stop stop(String reason) {
        return switch (reason) {
            case "stop" -> Stop.END;
            case "length" -> Stop.MAX_TOKENS;
            case "content_filter" -> Stop.REFUSAL;
            default -> Stop.OTHER;
        };
    }

    private static String finishReason(Stop stop) {
        return switch (stop) {
            case END, STOP_SEQUENCE, OTHER -> "stop";
            case MAX_TOKENS -> "length";
            case REFUSAL -> "content_filter";
        };
    }

    /**
     * Ends at {@code [DONE]}; for servers that send none, at the end of the bytes if a finish
     * reason came.
     */
    private static final class Stream implements StreamReader {
        private boolean finished;
        private boolean ended;

        @Override
        public void read(ServerSentEvent event, Consumer<AnswerEvent> out)
                throws ProtocolException {
            if (event.data().strip().equals("[DONE]")) {
                end(out);
                return;
            }
            JsonNode json = Json.readEvent(event.data());
            if (json.path("error").isObject() || json.path("error").isTextual()) {
                out.accept(new AnswerEvent.Failed(HttpFailures.inBand(json.path("error"))));
                return;
            }
            JsonNode choice = json.path("choices").path(0);
            delta(choice.path("delta"), out);
            if (json.path("usage").isObject()) {
                out.accept(new AnswerEvent.Tokens(OpenAi.chatUsage(json.path("usage"))));
            }
            if (choice.path("finish_reason").isTextual()) {
                finished = true;
                out.accept(new AnswerEvent.Stopped(stop(choice.path("finish_reason").asText())));
            }
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
                out.accept(new AnswerEvent.End());
            }
        }

        private static void delta(JsonNode delta, Consumer<AnswerEvent> out) {
            for (String field : List.of("tool_calls", "function_call", "audio")) {
                if (delta.hasNonNull(field)) {
                    out.accept(new AnswerEvent.Other());
                }
            }
            for (String field : List.of("reasoning_content", "reasoning")) {
                if (delta.path(field).isTextual() && !delta.path(field).asText().isEmpty()) {
                    out.accept(new AnswerEvent.Reasoning(delta.path(field).asText()));
                }
            }
            for (String field : List.of("content", "refusal")) {
                if (delta.path(field).isTextual() && !delta.path(field).asText().isEmpty()) {
                    out.accept(new AnswerEvent.Text(delta.path(field).asText()));
                }
            }
        }
    }
}

package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Image;
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
import java.util.Set;
import java.util.function.Consumer;

/** Anthropic Messages. */
final class AnthropicCodec implements Codec {

    private static final String VERSION = "2023-06-01";

    @Override
    public WireRequest request(Task task, Model model, boolean stream) {
        List<String> dropped = new ArrayList<>();
        ObjectNode body = Json.object();
        body.put("model", model.id());
        body.put("max_tokens", task.maxTokens());
        task.system().ifPresent(system -> body.put("system", system));
        ArrayNode messages = body.putArray("messages");
        for (Message message : task.messages()) {
            messages.add(message(message));
        }
        task.temperature().ifPresent(value -> temperature(body, value, model, dropped));
        if (!task.stop().isEmpty()) {
            task.stop().forEach(body.putArray("stop_sequences")::add);
        }
        task.responseSchema()
                .ifPresent(schema ->
                        body.putObject("output_config")
                                .putObject("format")
                                .put("type", "json_schema")
                                .set("schema", Json.readSchema(schema)));
        if (stream) {
            body.put("stream", true);
        }
        return new WireRequest(
                "/v1/messages",
                Map.of("anthropic-version", VERSION),
                Body.of(Json.bytes(body)),
                dropped);
    }

    @Override
    public String path(Operation operation, String model, boolean stream) {
        return operation == Operation.COUNT_TOKENS ? "/v1/messages/count_tokens" : "/v1/messages";
    }

    @Override
    public Usage usage(JsonNode json, Usage before) {
        return counted(json, before);
    }

    @Override
    public Map<String, String> credentials(Secret key) {
        return Map.of("x-api-key", key.reveal());
    }

    @Override
    public Answer answer(byte[] body) throws ProtocolException {
        JsonNode json = Json.readAnswer(body);
        if (json.path("type").asText().equals("error") || json.has("error")) {
            throw new ProtocolException(HttpFailures.inBand(json.path("error")));
        }
        if (!json.path("content").isArray()) {
            throw ProtocolException.garbled("the answer has no content");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode block : json.path("content")) {
            if (block.path("type").asText().equals("text")) {
                text.append(block.path("text").asText());
            }
        }
        Usage usage =
                json.has("usage")
                        ? counted(json.path("usage"), Usage.NONE)
                        : Usage.NONE.asEstimate();
        return new Answer(text.toString(), usage, stop(json.path("stop_reason").asText()));
    }

    @Override
    public StreamReader stream() {
        return new Stream();
    }

    @Override
    public byte[] writeAnswer(Answer answer, String model) {
        ObjectNode json = start(answer.usage(), model);
        json.putArray("content").addObject().put("type", "text").put("text", answer.text());
        json.put("stop_reason", stopReason(answer.stop()));
        json.set("usage", usage(answer.usage()));
        return Json.bytes(json);
    }

    @Override
    public byte[] writeStream(Answer answer, String model) {
        Pieces stream = new Pieces();
        ObjectNode start = Json.object().put("type", "message_start");
        start.set("message", start(answer.usage(), model));
        stream.event("message_start", Json.text(start));
        ObjectNode block = Json.object().put("type", "content_block_start").put("index", 0);
        block.putObject("content_block").put("type", "text").put("text", "");
        stream.event("content_block_start", Json.text(block));
        for (String piece : Pieces.of(answer.text())) {
            ObjectNode delta = Json.object().put("type", "content_block_delta").put("index", 0);
            delta.putObject("delta").put("type", "text_delta").put("text", piece);
            stream.event("content_block_delta", Json.text(delta));
        }
        stream.event(
                "content_block_stop",
                Json.text(Json.object().put("type", "content_block_stop").put("index", 0)));
        ObjectNode end = Json.object().put("type", "message_delta");
        end.putObject("delta")
                .put("stop_reason", stopReason(answer.stop()))
                .putNull("stop_sequence");
        end.putObject("usage").put("output_tokens", answer.usage().output());
        stream.event("message_delta", Json.text(end));
        stream.event("message_stop", Json.text(Json.object().put("type", "message_stop")));
        return stream.bytes();
    }

    private static ObjectNode message(Message message) {
        ObjectNode json = Json.object().put("role", message.role().name().toLowerCase(Locale.ROOT));
        if (message.parts().size() == 1 && message.parts().getFirst() instanceof Part.Text only) {
            return json.put("content", only.text());
        }
        ArrayNode content = json.putArray("content");
        for (Part part : message.parts()) {
            switch (part) {
                case Part.Text text ->
                        content.addObject().put("type", "text").put("text", text.text());
                case Part.Picture picture ->
                        content.addObject()
                                .put("type", "image")
                                .set("source", source(picture.image()));
            }
        }
        return json;
    }

    private static ObjectNode source(Image image) {
        return switch (image) {
            case Image.Data data ->
                    Json.object()
                            .put("type", "base64")
                            .put("media_type", data.mediaType())
                            .put("data", data.base64());
            case Image.Url url -> Json.object().put("type", "url").put("url", url.url());
        };
    }

    private static void temperature(
            ObjectNode body, double value, Model model, List<String> dropped) {
        if (model.cannot(Ability.TEMPERATURE)) {
            dropped.add("temperature");
        } else if (value > 1) {
            body.put("temperature", 1.0);
            dropped.add("temperature above 1");
        } else {
            body.put("temperature", value);
        }
    }

    /**
     * Anthropic counts cache reads and writes beside the input, and tells fields again when they
     * change.
     */
    private static Usage counted(JsonNode json, Usage before) {
        return new Usage(
                Json.count(json.path("input_tokens"), before.input()),
                Json.count(json.path("output_tokens"), before.output()),
                Json.count(json.path("cache_read_input_tokens"), before.cacheRead()),
                Json.count(json.path("cache_creation_input_tokens"), before.cacheWrite()),
                0,
                false);
    }

    private static ObjectNode usage(Usage usage) {
        return Json.object()
                .put("input_tokens", usage.input())
                .put("cache_creation_input_tokens", usage.cacheWrite())
                .put("cache_read_input_tokens", usage.cacheRead())
                .put("output_tokens", usage.output());
    }

    private static ObjectNode start(Usage usage, String model) {
        ObjectNode json =
                Json.object()
                        .put("id", "msg_pointsman")
                        .put("type", "message")
                        .put("role", "assistant")
                        .put("model", model);
        json.putArray("content");
        json.putNull("stop_reason").putNull("stop_sequence");
        json.set(
                "usage",
                usage(
                        new Usage(
                                usage.input(),
                                1,
                                usage.cacheRead(),
                                usage.cacheWrite(),
                                0,
                                false)));
        return json;
    }

    private static Stop stop(String reason) {
        return switch (reason) {
            case "end_turn" -> Stop.END;
            case "max_tokens", "model_context_window_exceeded" -> Stop.MAX_TOKENS;
            case "stop_sequence" -> Stop.STOP_SEQUENCE;
            case "refusal" -> Stop.REFUSAL;
            default -> Stop.OTHER;
        };
    }

    private static String stopReason(Stop stop) {
        return switch (stop) {
            case END, OTHER -> "end_turn";
            case MAX_TOKENS -> "max_tokens";
            case STOP_SEQUENCE -> "stop_sequence";
            case REFUSAL -> "refusal";
        };
    }

    private static final class Stream implements StreamReader {
        /** Blocks whose content comes in deltas. */
        private static final Set<String> TALK = Set.of("text", "thinking");

        private Usage usage = Usage.NONE;

        @Override
        public void read(ServerSentEvent event, Consumer<AnswerEvent> out)
                throws ProtocolException {
            JsonNode json = Json.readEvent(event.data());
            switch (json.path("type").asText()) {
                case "message_start" -> tokens(json.path("message").path("usage"), out);
                case "content_block_start" -> {
                    if (!TALK.contains(json.path("content_block").path("type").asText())) {
                        out.accept(new AnswerEvent.Other());
                    }
                }
                case "content_block_delta" -> delta(json.path("delta"), out);
                case "message_delta" -> {
                    tokens(json.path("usage"), out);
                    if (json.path("delta").path("stop_reason").isTextual()) {
                        out.accept(
                                new AnswerEvent.Stopped(
                                        stop(json.path("delta").path("stop_reason").asText())));
                    }
                }
                case "message_stop" -> out.accept(new AnswerEvent.End());
                case "error" ->
                        out.accept(new AnswerEvent.Failed(HttpFailures.inBand(json.path("error"))));
                default -> {
                    // ping, block boundaries and events of a newer API carry nothing for us
                }
            }
        }

        @Override
        public void close(Consumer<AnswerEvent> out) {
            // message_stop is the only end there is
        }

        private void tokens(JsonNode json, Consumer<AnswerEvent> out) {
            if (json.isObject()) {
                usage = counted(json, usage);
                out.accept(new AnswerEvent.Tokens(usage));
            }
        }

        private static void delta(JsonNode delta, Consumer<AnswerEvent> out) {
            switch (delta.path("type").asText()) {
                case "text_delta" -> out.accept(new AnswerEvent.Text(delta.path("text").asText()));
                case "thinking_delta" ->
                        out.accept(new AnswerEvent.Reasoning(delta.path("thinking").asText()));
                default -> out.accept(new AnswerEvent.Other());
            }
        }
    }
}

package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Part;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** OpenAI Responses. Nothing is stored at the provider. */
final class ResponsesCodec implements Codec {

    @Override
    public WireRequest request(Task task, Model model, boolean stream) {
        List<String> dropped = new ArrayList<>();
        LeastReasoning least = LeastReasoning.of(model);
        ObjectNode body = Json.object();
        body.put("model", model.id());
        task.system().ifPresent(system -> body.put("instructions", system));
        ArrayNode input = body.putArray("input");
        for (Message message : task.messages()) {
            input.add(message(message));
        }
        body.put(
                "max_output_tokens",
                task.maxTokens() + (task.wantsLeastReasoning() ? least.allowance() : 0));
        body.put("store", false);
        if (task.wantsLeastReasoning()) {
            least.effort().ifPresent(effort -> body.putObject("reasoning").put("effort", effort));
        }
        if (task.temperature().isPresent() && model.cannot(Ability.TEMPERATURE)) {
            dropped.add("temperature");
        } else {
            task.temperature().ifPresent(value -> body.put("temperature", value));
        }
        if (!task.stop().isEmpty()) {
            dropped.add("stop");
        }
        task.responseSchema().ifPresent(schema -> schema(body, schema));
        if (stream) {
            body.put("stream", true);
        }
        return new WireRequest("/responses", Map.of(), Body.of(Json.bytes(body)), dropped);
    }

    @Override
    public String path(Operation operation, String model, boolean stream) {
        return operation == Operation.EMBED ? "/embeddings" : "/responses";
    }

    @Override
    public Usage usage(JsonNode json, Usage before) {
        return OpenAi.responsesUsage(json);
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
        if (!json.path("output").isArray()) {
            throw ProtocolException.garbled("the answer has no output");
        }
        StringBuilder text = new StringBuilder();
        boolean refused = false;
        for (JsonNode item : json.path("output")) {
            for (JsonNode part : item.path("content")) {
                switch (part.path("type").asText()) {
                    case "output_text" -> text.append(part.path("text").asText());
                    case "refusal" -> {
                        refused = true;
                        text.append(part.path("refusal").asText());
                    }
                    default -> {
                        // parts of a newer API are no text
                    }
                }
            }
        }
        return new Answer(
                text.toString(),
                OpenAi.responsesUsage(json.path("usage")),
                refused ? Stop.REFUSAL : stop(json));
    }

    @Override
    public StreamReader stream() {
        return new Stream();
    }

    @Override
    public byte[] writeAnswer(Answer answer, String model) {
        return Json.bytes(response(answer, model));
    }

    @Override
    public byte[] writeStream(Answer answer, String model) {
        Pieces stream = new Pieces();
        ObjectNode begun =
                response(new Answer("", answer.usage(), Stop.END), model)
                        .put("status", "in_progress");
        begun.putArray("output");
        event(stream, "response.created", Json.object().set("response", begun));
        ObjectNode item =
                Json.object()
                        .put("id", "msg_pointsman")
                        .put("type", "message")
                        .put("role", "assistant");
        item.put("status", "in_progress").putArray("content");
        event(
                stream,
                "response.output_item.added",
                Json.object().put("output_index", 0).set("item", item));
        ObjectNode part = at(Json.object());
        part.putObject("part").put("type", "output_text").put("text", "").putArray("annotations");
        event(stream, "response.content_part.added", part);
        for (String piece : Pieces.of(answer.text())) {
            event(stream, "response.output_text.delta", at(Json.object()).put("delta", piece));
        }
        event(stream, "response.output_text.done", at(Json.object()).put("text", answer.text()));
        ObjectNode response = response(answer, model);
        String last =
                answer.stop() == Stop.MAX_TOKENS ? "response.incomplete" : "response.completed";
        event(
                stream,
                "response.output_item.done",
                Json.object().put("output_index", 0).set("item", response.path("output").path(0)));
        event(stream, last, Json.object().set("response", response));
        return stream.bytes();
    }

    private static ObjectNode at(ObjectNode json) {
        return json.put("item_id", "msg_pointsman").put("output_index", 0).put("content_index", 0);
    }

    private static void event(Pieces stream, String type, ObjectNode json) {
        stream.event(type, Json.text(json.put("type", type)));
    }

    private static ObjectNode response(Answer answer, String model) {
        boolean cut = answer.stop() == Stop.MAX_TOKENS;
        ObjectNode json =
                Json.object()
                        .put("id", "resp_pointsman")
                        .put("object", "response")
                        .put("created_at", 0)
                        .put("status", cut ? "incomplete" : "completed")
                        .put("model", model);
        json.putNull("error");
        if (cut) {
            json.putObject("incomplete_details").put("reason", "max_output_tokens");
        }
        ObjectNode message =
                json.putArray("output")
                        .addObject()
                        .put("id", "msg_pointsman")
                        .put("type", "message");
        message.put("role", "assistant").put("status", "completed");
        ObjectNode part = message.putArray("content").addObject();
        if (answer.stop() == Stop.REFUSAL) {
            part.put("type", "refusal").put("refusal", answer.text());
        } else {
            part.put("type", "output_text").put("text", answer.text()).putArray("annotations");
        }
        json.set("usage", OpenAi.writeResponsesUsage(answer.usage()));
        return json;
    }

    private static ObjectNode message(Message message) {
        boolean user = message.role() == Role.USER;
        ObjectNode json =
                Json.object().put("type", "message").put("role", user ? "user" : "assistant");
        ArrayNode content = json.putArray("content");
        for (Part part : message.parts()) {
            switch (part) {
                case Part.Text text ->
                        content.addObject()
                                .put("type", user ? "input_text" : "output_text")
                                .put("text", text.text());
                case Part.Picture picture ->
                        content.addObject()
                                .put("type", "input_image")
                                .put("image_url", OpenAi.imageUrl(picture.image()));
            }
        }
        return json;
    }

    private static void schema(ObjectNode body, String schema) {
        body.putObject("text")
                .putObject("format")
                .put("type", "json_schema")
                .put("name", "answer")
                .put("strict", true)
                .set("schema", Json.readSchema(schema));
    }

    private static Stop stop(JsonNode response) {
        if (response.path("status").asText().equals("completed")) {
            return Stop.END;
        }
        return switch (response.path("incomplete_details").path("reason").asText()) {
            case "max_output_tokens" -> Stop.MAX_TOKENS;
            case "content_filter" -> Stop.REFUSAL;
            default -> Stop.OTHER;
        };
    }

    private static final class Stream implements StreamReader {
        /** Items whose content comes in events of its own. */
        private static final Set<String> FRAMES = Set.of("message", "reasoning");

        private boolean refused;

        @Override
        public void read(ServerSentEvent event, Consumer<AnswerEvent> out)
                throws ProtocolException {
            JsonNode json = Json.readEvent(event.data());
            String type = json.path("type").asText(event.name());
            switch (type) {
                case "response.output_text.delta" ->
                        out.accept(new AnswerEvent.Text(json.path("delta").asText()));
                case "response.refusal.delta" -> {
                    refused = true;
                    out.accept(new AnswerEvent.Text(json.path("delta").asText()));
                }
                case "response.reasoning_text.delta", "response.reasoning_summary_text.delta" ->
                        out.accept(new AnswerEvent.Reasoning(json.path("delta").asText()));
                case "response.completed", "response.incomplete" -> {
                    JsonNode response = json.path("response");
                    out.accept(
                            new AnswerEvent.Tokens(OpenAi.responsesUsage(response.path("usage"))));
                    out.accept(new AnswerEvent.Stopped(refused ? Stop.REFUSAL : stop(response)));
                    out.accept(new AnswerEvent.End());
                }
                case "response.failed" ->
                        out.accept(
                                new AnswerEvent.Failed(
                                        HttpFailures.inBand(json.path("response").path("error"))));
                case "error" ->
                        out.accept(
                                new AnswerEvent.Failed(
                                        HttpFailures.inBand(
                                                json.has("error") ? json.path("error") : json)));
                case "response.output_item.added" -> {
                    if (!FRAMES.contains(json.path("item").path("type").asText())) {
                        out.accept(new AnswerEvent.Other());
                    }
                }
                default -> {
                    // the other events repeat or frame what these say
                    if (type.endsWith(".delta")) {
                        out.accept(new AnswerEvent.Other());
                    }
                }
            }
        }

        @Override
        public void close(Consumer<AnswerEvent> out) {
            // response.completed and response.incomplete are the only ends there are
        }
    }
}

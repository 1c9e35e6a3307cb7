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
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Gemini. The key goes into a header, never into the address. */
final class GeminiCodec implements Codec {

    private static final int MOST_STOPS = 5;

    @Override
    public WireRequest request(Task task, Model model, boolean stream) {
        List<String> dropped = new ArrayList<>();
        ObjectNode body = Json.object();
        task.system()
                .ifPresent(system ->
                        body.putObject("systemInstruction")
                                .putArray("parts")
                                .addObject()
                                .put("text", system));
        ArrayNode contents = body.putArray("contents");
        for (Message message : task.messages()) {
            contents.add(content(message));
        }
        body.set("generationConfig", config(task, model, dropped));
        String path = path(Operation.ANSWER, model.id(), stream) + (stream ? "?alt=sse" : "");
        return new WireRequest(path, Map.of(), Body.of(Json.bytes(body)), dropped);
    }

    @Override
    public String path(Operation operation, String model, boolean stream) {
        String method =
                switch (operation) {
                    case ANSWER -> stream ? ":streamGenerateContent" : ":generateContent";
                    case COUNT_TOKENS -> ":countTokens";
                    case EMBED -> ":embedContent";
                    case EMBED_BATCH -> ":batchEmbedContents";
                };
        return "/v1beta/models/" + URLEncoder.encode(model, StandardCharsets.UTF_8) + method;
    }

    @Override
    public String usageKey() {
        return "usageMetadata";
    }

    @Override
    public Usage usage(JsonNode json, Usage before) {
        return counted(json);
    }

    @Override
    public Map<String, String> credentials(Secret key) {
        return Map.of("x-goog-api-key", key.reveal());
    }

    @Override
    public Answer answer(byte[] body) throws ProtocolException {
        JsonNode json = Json.readAnswer(body);
        if (json.path("error").isObject()) {
            throw new ProtocolException(HttpFailures.inBand(json.path("error")));
        }
        boolean blocked = json.path("promptFeedback").path("blockReason").isTextual();
        JsonNode candidate = json.path("candidates").path(0);
        if (!candidate.isObject() && !blocked) {
            throw ProtocolException.garbled("the answer has no candidates");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : candidate.path("content").path("parts")) {
            if (!part.path("thought").asBoolean()) {
                text.append(part.path("text").asText());
            }
        }
        Stop stop = blocked ? Stop.REFUSAL : stop(candidate.path("finishReason").asText());
        return new Answer(text.toString(), counted(json.path("usageMetadata")), stop);
    }

    @Override
    public StreamReader stream() {
        return new Stream();
    }

    @Override
    public byte[] writeAnswer(Answer answer, String model) {
        return Json.bytes(chunk(answer.text(), answer, model, true));
    }

    @Override
    public byte[] writeStream(Answer answer, String model) {
        Pieces stream = new Pieces();
        for (String piece : Pieces.of(answer.text())) {
            stream.data(Json.text(chunk(piece, answer, model, false)));
        }
        return stream.data(Json.text(chunk("", answer, model, true))).bytes();
    }

    private static ObjectNode chunk(String text, Answer answer, String model, boolean last) {
        ObjectNode json = Json.object();
        ObjectNode candidate = json.putArray("candidates").addObject().put("index", 0);
        candidate
                .putObject("content")
                .put("role", "model")
                .putArray("parts")
                .addObject()
                .put("text", text);
        if (last) {
            candidate.put("finishReason", finishReason(answer.stop()));
        }
        Usage usage = answer.usage();
        json.putObject("usageMetadata")
                .put("promptTokenCount", usage.totalInput())
                .put("cachedContentTokenCount", usage.cacheRead())
                .put("candidatesTokenCount", usage.output() - usage.reasoning())
                .put("thoughtsTokenCount", usage.reasoning())
                .put("totalTokenCount", usage.totalInput() + usage.output());
        return json.put("modelVersion", model);
    }

    private static ObjectNode content(Message message) {
        ObjectNode json = Json.object().put("role", message.role() == Role.USER ? "user" : "model");
        ArrayNode parts = json.putArray("parts");
        for (Part part : message.parts()) {
            switch (part) {
                case Part.Text text -> parts.addObject().put("text", text.text());
                case Part.Picture picture -> image(parts.addObject(), picture.image());
            }
        }
        return json;
    }

    private static void image(ObjectNode part, Image image) {
        switch (image) {
            case Image.Data data ->
                    part.putObject("inlineData")
                            .put("mimeType", data.mediaType())
                            .put("data", data.base64());
            case Image.Url url -> part.putObject("fileData").put("fileUri", url.url());
        }
    }

    private static ObjectNode config(Task task, Model model, List<String> dropped) {
        LeastReasoning least = LeastReasoning.of(model);
        ObjectNode config = Json.object();
        config.put(
                "maxOutputTokens",
                task.maxTokens() + (task.wantsLeastReasoning() ? least.allowance() : 0));
        if (task.wantsLeastReasoning()) {
            least.budget()
                    .ifPresent(budget ->
                            config.putObject("thinkingConfig").put("thinkingBudget", budget));
            least.level()
                    .ifPresent(level ->
                            config.putObject("thinkingConfig").put("thinkingLevel", level));
        }
        if (task.temperature().isPresent() && model.cannot(Ability.TEMPERATURE)) {
            dropped.add("temperature");
        } else {
            task.temperature().ifPresent(value -> config.put("temperature", value));
        }
        if (task.stop().size() > MOST_STOPS) {
            dropped.add("stop beyond the fifth");
        }
        if (!task.stop().isEmpty()) {
            task.stop().stream().limit(MOST_STOPS).forEach(config.putArray("stopSequences")::add);
        }
        task.responseSchema()
                .ifPresent(schema ->
                        config.put("responseMimeType", "application/json")
                                .set("responseJsonSchema", Json.readSchema(schema)));
        return config;
    }

    /**
     * Gemini counts the cached tokens within the prompt, and the thoughts beside the candidates.
     */
    private static Usage counted(JsonNode json) {
        if (!json.isObject()) {
            return Usage.NONE.asEstimate();
        }
        long cached = Json.count(json.path("cachedContentTokenCount"), 0);
        long thoughts = Json.count(json.path("thoughtsTokenCount"), 0);
        long prompt =
                Json.count(json.path("promptTokenCount"), 0)
                        + Json.count(json.path("toolUsePromptTokenCount"), 0);
        long fresh = Math.max(0, prompt - cached);
        return new Usage(
                fresh,
                Json.count(json.path("candidatesTokenCount"), 0) + thoughts,
                cached,
                0,
                thoughts,
                false);
    }

    private static Stop stop(String reason) {
        return switch (reason) {
            case "STOP" -> Stop.END;
            case "MAX_TOKENS" -> Stop.MAX_TOKENS;
            case "SAFETY",
                    "RECITATION",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "IMAGE_SAFETY" ->
                    Stop.REFUSAL;
            default -> Stop.OTHER;
        };
    }

    private static String finishReason(Stop stop) {
        return switch (stop) {
            case END, STOP_SEQUENCE -> "STOP";
            case MAX_TOKENS -> "MAX_TOKENS";
            case REFUSAL -> "SAFETY";
            case OTHER -> "OTHER";
        };
    }

    /** A stream has no end mark: it was whole if a finish reason came before the bytes ended. */
    private static final class Stream implements StreamReader {
        private boolean finished;

        @Override
        public void read(ServerSentEvent event, Consumer<AnswerEvent> out)
                throws ProtocolException {
            JsonNode json = Json.readEvent(event.data());
            if (json.path("error").isObject()) {
                out.accept(new AnswerEvent.Failed(HttpFailures.inBand(json.path("error"))));
                return;
            }
            JsonNode candidate = json.path("candidates").path(0);
            for (JsonNode part : candidate.path("content").path("parts")) {
                String text = part.path("text").asText();
                if (!part.has("text")) {
                    out.accept(new AnswerEvent.Other());
                } else if (!text.isEmpty()) {
                    out.accept(
                            part.path("thought").asBoolean()
                                    ? new AnswerEvent.Reasoning(text)
                                    : new AnswerEvent.Text(text));
                }
            }
            if (json.path("usageMetadata").isObject()) {
                out.accept(new AnswerEvent.Tokens(counted(json.path("usageMetadata"))));
            }
            boolean blocked = json.path("promptFeedback").path("blockReason").isTextual();
            if (candidate.path("finishReason").isTextual() || blocked) {
                finished = true;
                out.accept(
                        new AnswerEvent.Stopped(
                                blocked
                                        ? Stop.REFUSAL
                                        : stop(candidate.path("finishReason").asText())));
            }
        }

        @Override
        public void close(Consumer<AnswerEvent> out) {
            if (finished) {
                out.accept(new AnswerEvent.End());
            }
        }
    }
}

package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Part;
import dev.pointsman.core.TokenLikelihood;
import dev.pointsman.core.ToolName;
import dev.pointsman.core.Usage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes chat answers; reasoning stands where DeepSeek put it, which most clients read. */
final class ChatAnswerWriter implements AnswerWriter {

    @Override
    public BlockSink stream(Frame frame, Pieces out) {
        return new ChatStreamWriter(frame, out);
    }

    @Override
    public byte[] whole(FullAnswer answer, Frame frame) {
        ObjectNode json = envelope("chat.completion", answer.model(), frame);
        ObjectNode choice = json.putArray("choices").addObject().put("index", 0);
        ObjectNode message = message(answer);
        choice.set("message", message);
        if (answer.likelihoods().isEmpty()) {
            choice.putNull("logprobs");
        } else {
            choice.set("logprobs", logprobs(answer.likelihoods()));
        }
        choice.put(
                "finish_reason",
                finishReason(
                        answer.stop(),
                        message.path("refusal").isTextual(),
                        message.has("function_call")));
        if (isKnown(answer.usage())) {
            json.set("usage", OpenAiUsage.writeChat(answer.usage()));
        }
        return Json.bytes(json);
    }

    private static ObjectNode message(FullAnswer answer) {
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        ArrayNode calls = Json.array();
        ObjectNode message = Json.object().put("role", "assistant");
        for (Part part : answer.parts()) {
            switch (part) {
                case Part.Text said -> text.append(said.text());
                case Part.Refusal said -> refusal.append(said.text());
                case Part.Reasoning thought -> reasoning.append(thought.text());
                case Part.ToolCall call when isFunction(call.tool()) -> {
                    if (!message.has("function_call")) {
                        message.putObject("function_call")
                                .put("name", call.tool().name())
                                .put("arguments", call.arguments());
                    }
                }
                case Part.ToolCall call -> call(call, calls.addObject());
                default -> {
                    // answers have no others
                }
            }
        }
        boolean other = !refusal.isEmpty() || !calls.isEmpty() || message.has("function_call");
        text(message, "content", text.isEmpty() && other, text);
        text(message, "refusal", refusal.isEmpty(), refusal);
        if (!reasoning.isEmpty()) {
            message.put("reasoning_content", reasoning.toString());
        }
        if (!answer.citations().isEmpty()) {
            ArrayNode annotations = message.putArray("annotations");
            for (Citation citation : answer.citations()) {
                annotations.add(annotation(citation, text.length()));
            }
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        return message;
    }

    private static void text(ObjectNode json, String field, boolean none, CharSequence text) {
        if (none) {
            json.putNull(field);
        } else {
            json.put(field, text.toString());
        }
    }

    private static void call(Part.ToolCall call, ObjectNode json) {
        json.put("id", Seals.id(call.id(), call.seal()));
        if (call.tool().freeform()) {
            json.put("type", "custom")
                    .putObject("custom")
                    .put("name", name(call.tool()))
                    .put("input", input(call.arguments()));
        } else {
            json.put("type", "function")
                    .putObject("function")
                    .put("name", name(call.tool()))
                    .put("arguments", call.arguments());
        }
    }

    /** The plain text that a tool takes; what the model said, if it said no such object. */
    static String input(String arguments) {
        try {
            JsonNode input = Json.read(arguments).path("input");
            return input.isTextual() ? input.textValue() : arguments;
        } catch (IOException e) {
            return arguments;
        }
    }

    /** Whether it is of the deprecated kind. */
    static boolean isFunction(ToolName tool) {
        return tool.namespace().filter(ChatRequestReader.FUNCTIONS::equals).isPresent();
    }

    static String name(ToolName tool) {
        return tool.namespace().map(space -> space + "__" + tool.name()).orElse(tool.name());
    }

    static ObjectNode envelope(String object, String model, Frame frame) {
        return Json.object()
                .put("id", "chatcmpl-" + frame.id())
                .put("object", object)
                .put("created", frame.created())
                .put("model", model);
    }

    /**
     * @param length of the text so far, of which a source stands for all if its place is not told
     */
    static ObjectNode annotation(Citation citation, int length) {
        ObjectNode json = Json.object().put("type", "url_citation");
        json.putObject("url_citation")
                .put("start_index", citation.from().orElse(0))
                .put("end_index", citation.to().orElse(length))
                .put("title", citation.title().orElse(citation.url()))
                .put("url", citation.url());
        return json;
    }

    static ObjectNode logprobs(List<TokenLikelihood> tokens) {
        ObjectNode json = Json.object();
        ArrayNode content = json.putArray("content");
        for (TokenLikelihood token : tokens) {
            ObjectNode one = likelihood(token, content.addObject());
            ArrayNode top = one.putArray("top_logprobs");
            token.top().forEach(likely -> likelihood(likely, top.addObject()));
        }
        return json.putNull("refusal");
    }

    private static ObjectNode likelihood(TokenLikelihood token, ObjectNode json) {
        json.put("token", token.token()).put("logprob", token.logprob());
        ArrayNode bytes = json.putArray("bytes");
        for (byte b : token.token().getBytes(StandardCharsets.UTF_8)) {
            bytes.add(b & 0xFF);
        }
        return json;
    }

    static boolean isKnown(Usage usage) {
        return !usage.equals(Usage.NONE.asEstimate());
    }

    /**
     * @param refused whether the model said its refusal; what says nothing was filtered
     * @param function whether it calls in the deprecated way
     */
    static String finishReason(Stop stop, boolean refused, boolean function) {
        return switch (stop) {
            case END, STOP_SEQUENCE, OTHER -> "stop";
            case MAX_TOKENS -> "length";
            case TOOL_CALLS -> function ? "function_call" : "tool_calls";
            case REFUSAL -> refused ? "stop" : "content_filter";
        };
    }
}

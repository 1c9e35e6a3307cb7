package dev.pointsman.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Seal;
import dev.pointsman.core.TokenLikelihood;
import dev.pointsman.core.Usage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The objects of an answer. */
final class ResponsesItems {

    static final String IN_PROGRESS = "in_progress";
    static final String COMPLETED = "completed";

    private ResponsesItems() {}

    /** An answer without output, with all fields that clients ask for. */
    static ObjectNode response(Frame frame, String model, String status) {
        ObjectNode json =
                Json.object()
                        .put("id", "resp_" + sound(frame.id()))
                        .put("object", "response")
                        .put("created_at", frame.created())
                        .put("status", status)
                        .put("background", false);
        json.putNull("error").putNull("incomplete_details").putNull("instructions");
        json.putNull("max_output_tokens").putNull("max_tool_calls");
        json.put("model", sound(model));
        json.putArray("output");
        json.put("parallel_tool_calls", true).putNull("previous_response_id");
        json.putObject("reasoning").putNull("effort").putNull("summary");
        json.put("service_tier", "default").put("store", false).putNull("temperature");
        json.putObject("text").putObject("format").put("type", "text");
        json.put("tool_choice", "auto").putArray("tools");
        json.put("top_logprobs", 0).putNull("top_p").put("truncation", "disabled");
        json.putNull("usage").putNull("user").putObject("metadata");
        return json;
    }

    /**
     * Says how it ended.
     *
     * @param refused whether its output holds a refusal, which is no failure
     */
    static void end(
            ObjectNode response, ArrayNode output, Stop stop, boolean refused, Usage usage) {
        boolean cut = stop == Stop.MAX_TOKENS;
        boolean filtered = stop == Stop.REFUSAL && !refused;
        response.put("status", cut || filtered ? "incomplete" : COMPLETED);
        if (cut || filtered) {
            response.putObject("incomplete_details")
                    .put("reason", cut ? "max_output_tokens" : "content_filter");
        }
        response.set("output", output);
        if (!usage.equals(Usage.NONE.asEstimate())) {
            response.set("usage", OpenAiUsage.writeResponses(usage));
        }
    }

    static ObjectNode message(String id, String status) {
        ObjectNode json =
                Json.object()
                        .put("id", id)
                        .put("type", "message")
                        .put("status", status)
                        .put("role", "assistant");
        json.putArray("content");
        return json;
    }

    static ObjectNode text(String text) {
        ObjectNode json = Json.object().put("type", "output_text").put("text", text);
        json.putArray("annotations");
        json.putArray("logprobs");
        return json;
    }

    static ObjectNode refusal(String text) {
        return Json.object().put("type", "refusal").put("refusal", text);
    }

    static ObjectNode summary(String text) {
        return Json.object().put("type", "summary_text").put("text", text);
    }

    static ObjectNode reasoning(String id, String text, Optional<Seal> seal) {
        return seal.flatMap(ResponsesItems::own)
                .orElseGet(() ->
                        reasoning(id, text)
                                .put(
                                        "encrypted_content",
                                        seal.map(Seals::wrapped).orElse(Seals.NONE)));
    }

    /** Reasoning that has only begun. */
    static ObjectNode reasoning(String id, String text) {
        ObjectNode json = Json.object().put("id", id).put("type", "reasoning");
        ArrayNode summary = json.putArray("summary");
        if (!text.isEmpty()) {
            summary.add(summary(text));
        }
        return json;
    }

    /** A reasoning item of the format's own provider, as it was. */
    private static Optional<ObjectNode> own(Seal seal) {
        if (!seal.maker().equals(Format.OPENAI_RESPONSES.label())) {
            return Optional.empty();
        }
        try {
            return Json.read(seal.value()) instanceof ObjectNode item
                    ? Optional.of(item)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * @param said arguments, or the text of a freeform call
     */
    static ObjectNode call(String id, Block.Call call, String callId, String said, String status) {
        boolean freeform = call.tool().freeform();
        ObjectNode json =
                Json.object()
                        .put("id", id)
                        .put("type", freeform ? "custom_tool_call" : "function_call")
                        .put("status", status)
                        .put("call_id", callId)
                        .put("name", sound(call.tool().name()));
        call.tool().namespace().ifPresent(space -> json.put("namespace", sound(space)));
        return json.put(freeform ? "input" : "arguments", said);
    }

    /** The id by which the caller answers a call; one is made where the provider gave none. */
    static String callId(Block.Call call, String otherwise) {
        String id = call.id().isEmpty() ? otherwise : sound(call.id());
        return Seals.id(id, call.seal());
    }

    /**
     * @param from where the piece begins in its own text
     */
    static ObjectNode citation(Citation citation, int from, int to) {
        return Json.object()
                .put("type", "url_citation")
                .put("start_index", from)
                .put("end_index", to)
                .put("url", sound(citation.url()))
                .put("title", sound(citation.title().orElse(citation.url())));
    }

    /**
     * @param whole whether as in an item; events say less
     */
    static ArrayNode likelihoods(List<TokenLikelihood> tokens, boolean whole) {
        ArrayNode json = Json.array();
        for (TokenLikelihood token : tokens) {
            ObjectNode likely = likelihood(token, whole);
            ArrayNode top = likely.putArray("top_logprobs");
            token.top().forEach(other -> top.add(likelihood(other, whole)));
            json.add(likely);
        }
        return json;
    }

    private static ObjectNode likelihood(TokenLikelihood token, boolean whole) {
        String text = sound(token.token());
        ObjectNode json = Json.object().put("token", text);
        if (whole) {
            ArrayNode bytes = json.putArray("bytes");
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                bytes.add(b & 0xFF);
            }
        }
        return json.put("logprob", token.logprob());
    }

    /** The text with every half character replaced, which no encoding can carry. */
    static String sound(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return new String(
                        text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
            }
        }
        return text;
    }
}

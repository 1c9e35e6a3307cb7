package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Seal;
import dev.pointsman.core.TokenLikelihood;
import dev.pointsman.core.Usage;

import java.util.List;
import java.util.Optional;

/** Writes an answer event by event; each block is an item of its own. Has state. */
final class ResponsesSink implements BlockSink {

    private final Frame frame;
    private final Pieces out;
    private final ArrayNode output = Json.array();
    private final StringBuilder text = new StringBuilder();
    private final ArrayNode annotations = Json.array();
    private final ArrayNode likelihoods = Json.array();
    private Block open = new Block.Text();
    private ResponsesFreeform freeform = new ResponsesFreeform();
    private String model = "";
    private String id = "";
    private String callId = "";
    private int sequence;

    /** How long the texts of the items before are. */
    private int said;

    /** Where the last citation ended. */
    private int cited;

    private boolean refused;

    ResponsesSink(Frame frame, Pieces out) {
        this.frame = frame;
        this.out = out;
    }

    @Override
    public void begin(String name, Usage usage) {
        model = name;
        ObjectNode response = ResponsesItems.response(frame, model, ResponsesItems.IN_PROGRESS);
        send("response.created", "response", response);
        send("response.in_progress", "response", response);
    }

    @Override
    public void open(Block block) {
        open = block;
        text.setLength(0);
        annotations.removeAll();
        likelihoods.removeAll();
        cited = 0;
        switch (block) {
            case Block.Text text -> {
                id = id("msg_");
                add(ResponsesItems.message(id, ResponsesItems.IN_PROGRESS));
                part("response.content_part.added", "content_index", ResponsesItems.text(""));
            }
            case Block.Refusal refusal -> {
                refused = true;
                id = id("msg_");
                add(ResponsesItems.message(id, ResponsesItems.IN_PROGRESS));
                part("response.content_part.added", "content_index", ResponsesItems.refusal(""));
            }
            case Block.Reasoning reasoning -> {
                id = id("rs_");
                add(ResponsesItems.reasoning(id, ""));
            }
            case Block.Call call -> {
                id = id(call.tool().freeform() ? "ctc_" : "fc_");
                callId = ResponsesItems.callId(call, id("call_"));
                freeform = new ResponsesFreeform();
                add(ResponsesItems.call(id, call, callId, "", ResponsesItems.IN_PROGRESS));
            }
        }
    }

    private String id(String prefix) {
        return prefix + ResponsesItems.sound(frame.id()) + "_" + output.size();
    }

    private void add(ObjectNode item) {
        item("response.output_item.added", item);
    }

    @Override
    public void piece(String piece) {
        switch (open) {
            case Block.Text block -> {
                text.append(piece);
                textDelta(piece, Json.array());
            }
            case Block.Refusal block -> {
                text.append(piece);
                delta("response.refusal.delta", "content_index", piece);
            }
            case Block.Reasoning block -> {
                if (text.isEmpty()) {
                    part(
                            "response.reasoning_summary_part.added",
                            "summary_index",
                            ResponsesItems.summary(""));
                }
                text.append(piece);
                delta("response.reasoning_summary_text.delta", "summary_index", piece);
            }
            case Block.Call call -> arguments(call, piece);
        }
    }

    private void textDelta(String piece, ArrayNode tokens) {
        ObjectNode event = within("response.output_text.delta", "content_index");
        event.put("delta", piece).set("logprobs", tokens);
        send(event);
    }

    private void arguments(Block.Call call, String piece) {
        if (!call.tool().freeform()) {
            text.append(piece);
            delta("response.function_call_arguments.delta", "", piece);
            return;
        }
        plain(freeform.feed(piece));
    }

    private void plain(String more) {
        if (!more.isEmpty()) {
            text.append(more);
            delta("response.custom_tool_call_input.delta", "", more);
        }
    }

    @Override
    public void cite(Citation citation) {
        int from = place(citation.from().orElse(said + cited));
        int to = Math.max(from, place(citation.to().orElse(said + text.length())));
        cited = to;
        ObjectNode annotation = ResponsesItems.citation(citation, from, to);
        ObjectNode event = within("response.output_text.annotation.added", "content_index");
        event.put("annotation_index", annotations.size()).set("annotation", annotation);
        annotations.add(annotation);
        send(event);
    }

    /** A place in all texts as one in that of the open item. */
    private int place(int place) {
        return Math.clamp(place - said, 0, text.length());
    }

    /** They come after their piece, which is not held for them. */
    @Override
    public void likelihoods(List<TokenLikelihood> tokens) {
        likelihoods.addAll(ResponsesItems.likelihoods(tokens, true));
        textDelta("", ResponsesItems.likelihoods(tokens, false));
    }

    @Override
    public void close(Optional<Seal> seal) {
        switch (open) {
            case Block.Text block -> closeText();
            case Block.Refusal block -> {
                done("response.refusal.done", "content_index", "refusal");
                message(ResponsesItems.refusal(text.toString()));
            }
            case Block.Reasoning block -> closeReasoning(seal);
            case Block.Call call -> closeCall(call);
        }
    }

    private void closeText() {
        ObjectNode event = within("response.output_text.done", "content_index");
        event.put("text", text.toString()).set("logprobs", bare());
        send(event);
        ObjectNode part = ResponsesItems.text(text.toString());
        part.set("annotations", annotations.deepCopy());
        part.set("logprobs", likelihoods.deepCopy());
        said += text.length();
        message(part);
    }

    /** Likelihoods as events tell them. */
    private ArrayNode bare() {
        ArrayNode bare = likelihoods.deepCopy();
        for (JsonNode token : bare) {
            ((ObjectNode) token).remove("bytes");
            token.path("top_logprobs").forEach(top -> ((ObjectNode) top).remove("bytes"));
        }
        return bare;
    }

    private void message(ObjectNode part) {
        part("response.content_part.done", "content_index", part);
        ObjectNode item = ResponsesItems.message(id, ResponsesItems.COMPLETED);
        item.withArray("content").add(part);
        finish(item);
    }

    private void closeReasoning(Optional<Seal> seal) {
        if (!text.isEmpty()) {
            done("response.reasoning_summary_text.done", "summary_index", "text");
            part(
                    "response.reasoning_summary_part.done",
                    "summary_index",
                    ResponsesItems.summary(text.toString()));
        }
        finish(ResponsesItems.reasoning(id, text.toString(), seal));
    }

    private void closeCall(Block.Call call) {
        if (call.tool().freeform()) {
            plain(freeform.rest());
            done("response.custom_tool_call_input.done", "", "input");
        } else {
            if (text.isEmpty()) {
                arguments(call, "{}");
            }
            done("response.function_call_arguments.done", "", "arguments");
        }
        finish(ResponsesItems.call(id, call, callId, text.toString(), ResponsesItems.COMPLETED));
    }

    private void finish(ObjectNode item) {
        item("response.output_item.done", item);
        output.add(item);
    }

    @Override
    public void end(Stop stop, Usage usage) {
        ObjectNode response = ResponsesItems.response(frame, model, ResponsesItems.COMPLETED);
        ResponsesItems.end(response, output, stop, refused, usage);
        String status = response.path("status").asText();
        send("response." + status, "response", response);
    }

    private void delta(String type, String index, String piece) {
        send(within(type, index).put("delta", piece));
    }

    /** An event that repeats the open item's text. */
    private void done(String type, String index, String field) {
        send(within(type, index).put(field, text.toString()));
    }

    private void part(String type, String index, ObjectNode part) {
        ObjectNode event = within(type, index);
        event.set("part", part);
        send(event);
    }

    private void item(String type, ObjectNode item) {
        ObjectNode event = event(type).put("output_index", output.size());
        event.set("item", item);
        send(event);
    }

    /**
     * @param index the name of the part's own index, which is always 0; empty if it has none
     */
    private ObjectNode within(String type, String index) {
        ObjectNode event = event(type).put("item_id", id).put("output_index", output.size());
        return index.isEmpty() ? event : event.put(index, 0);
    }

    private ObjectNode event(String type) {
        return Json.object().put("type", type).put("sequence_number", sequence++);
    }

    private void send(String type, String field, ObjectNode value) {
        ObjectNode event = event(type);
        event.set(field, value);
        send(event);
    }

    private void send(ObjectNode event) {
        out.event(event.path("type").textValue(), event);
    }
}

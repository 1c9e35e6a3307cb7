package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.AnswerEvent;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads a streamed answer. What an event of an item's end repeats is read only where nothing of it
 * came before.
 */
final class ResponsesStream implements StreamReader {

    private final ResponsesOutputReader reader = new ResponsesOutputReader(event -> {});
    private final Map<Integer, Item> items = new HashMap<>();
    private boolean touched;
    private int part = -1;

    /** What has come of an item. */
    private static final class Item {

        private static final int NO_CALL = -1;

        private final int slot;
        private final boolean freeform;
        private boolean content;
        private boolean cited;
        private boolean closed;

        Item() {
            this(NO_CALL, false);
        }

        Item(int slot, boolean freeform) {
            this.slot = slot;
            this.freeform = freeform;
        }

        boolean isCall() {
            return slot != NO_CALL;
        }
    }

    @Override
    public void read(ServerSentEvent event, Consumer<AnswerEvent> out) throws ProtocolException {
        JsonNode json = Json.readEvent(event.data());
        String type = json.path("type").asText(event.name());
        reader.to(out);
        switch (type) {
            case "response.created", "response.in_progress" -> reader.begun(json.path("response"));
            case "response.output_item.added" -> added(json);
            case "response.output_text.delta" -> text(json);
            case "response.output_text.annotation.added" -> {
                item(json).cited = true;
                reader.cite(json.path("annotation"));
            }
            case "response.content_part.done" -> partDone(json);
            case "response.refusal.delta" -> {
                item(json).content = true;
                reader.refusal(json.path("delta").asText(""));
            }
            case "response.reasoning_summary_part.added" -> {
                if (json.path("summary_index").asInt() > 0 && item(json).content) {
                    reader.reasoning("\n\n");
                }
            }
            case "response.reasoning_text.delta", "response.reasoning_summary_text.delta" -> {
                item(json).content = true;
                reader.reasoning(json.path("delta").asText(""));
            }
            case "response.function_call_arguments.delta" ->
                    arguments(json, json.path("delta").asText(""));
            case "response.function_call_arguments.done" -> argumentsDone(json);
            case "response.custom_tool_call_input.delta" ->
                    input(item(json), json.path("delta").asText(""));
            case "response.custom_tool_call_input.done" ->
                    inputDone(item(json), json.path("input").asText(""));
            case "response.output_item.done" -> done(json);
            case "response.completed", "response.incomplete" -> end(json.path("response"));
            case "response.failed" -> reader.failed(json.path("response").path("error"));
            case "error" -> reader.failed(json.has("error") ? json.path("error") : json);
            default -> {
                // the other events repeat or frame what these say
                if (type.endsWith(".delta")) {
                    reader.other(type);
                }
            }
        }
    }

    private Item item(JsonNode event) {
        touched = true;
        return items.computeIfAbsent(event.path("output_index").asInt(), index -> new Item());
    }

    private Item called(JsonNode event, JsonNode item) {
        touched = true;
        Item call =
                new Item(reader.call(item), item.path("type").asText().equals("custom_tool_call"));
        items.put(event.path("output_index").asInt(), call);
        return call;
    }

    private void added(JsonNode event) {
        JsonNode item = event.path("item");
        String type = item.path("type").asText("");
        touched = true;
        switch (type) {
            case "message", "reasoning" ->
                    items.put(event.path("output_index").asInt(), new Item());
            case "function_call", "custom_tool_call" -> called(event, item);
            default -> reader.other(type);
        }
    }

    private void text(JsonNode event) {
        item(event).content = true;
        int now = event.path("output_index").asInt() << 16 | event.path("content_index").asInt();
        if (now != part) {
            part = now;
            reader.nextPart();
        }
        reader.text(event.path("delta").asText(""));
        reader.likelihoods(event.path("logprobs"));
    }

    private void partDone(JsonNode event) {
        Item item = item(event);
        if (item.content && !item.cited) {
            event.path("part").path("annotations").forEach(reader::cite);
        }
        item.cited = false;
    }

    private void arguments(JsonNode event, String delta) {
        Item call = item(event);
        if (call.isCall() && !call.freeform) {
            call.content |= !delta.isEmpty();
            reader.argumentsDelta(call.slot, delta);
        } else {
            reader.other("function_call");
        }
    }

    private void argumentsDone(JsonNode event) {
        Item call = item(event);
        String arguments = event.path("arguments").asText("");
        if (call.isCall() && !call.freeform && !call.content && !arguments.isEmpty()) {
            call.content = true;
            reader.argumentsDelta(call.slot, arguments);
        }
    }

    private void input(Item call, String delta) {
        if (!call.isCall() || !call.freeform || call.closed) {
            reader.other("custom_tool_call");
            return;
        }
        String begin = call.content ? "" : ResponsesFreeform.begin();
        call.content = true;
        reader.argumentsDelta(call.slot, begin + ResponsesFreeform.escaped(delta));
    }

    private void inputDone(Item call, String input) {
        if (!call.isCall() || !call.freeform || call.closed) {
            return;
        }
        if (!call.content) {
            input(call, input);
        }
        call.closed = true;
        reader.argumentsDelta(call.slot, ResponsesFreeform.end());
    }

    private void done(JsonNode event) {
        JsonNode item = event.path("item");
        Item known = item(event);
        switch (item.path("type").asText("")) {
            case "message" -> {
                if (!known.content) {
                    reader.message(item);
                }
            }
            case "reasoning" -> {
                if (!known.content) {
                    reader.reasoning(ResponsesInputReader.shown(item));
                }
                reader.seal(item);
            }
            case "function_call" -> {
                Item call = known.isCall() ? known : called(event, item);
                if (!call.content) {
                    reader.arguments(call.slot, item.path("arguments").asText(""));
                }
            }
            case "custom_tool_call" -> {
                Item call = known.isCall() ? known : called(event, item);
                inputDone(call, item.path("input").asText(""));
            }
            default -> {
                // told when it was added
            }
        }
        items.remove(event.path("output_index").asInt());
    }

    private void end(JsonNode response) {
        reader.begun(response);
        if (!touched) {
            reader.output(response);
        }
        for (Item call : items.values()) {
            if (call.isCall() && call.freeform) {
                inputDone(call, "");
            } else if (call.isCall() && !call.content) {
                reader.arguments(call.slot, "");
            }
        }
        boolean nothing = !touched && response.path("output").isEmpty();
        if (nothing && response.path("status").asText().equals(ResponsesItems.COMPLETED)) {
            reader.endedEmpty(response);
        } else {
            reader.ended(response);
        }
    }

    @Override
    public void close(Consumer<AnswerEvent> out) {
        // response.completed and response.incomplete are the only ends there are
    }
}

package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Seal;
import dev.pointsman.core.TokenLikelihood;
import dev.pointsman.core.Usage;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/** Writes one chat stream. Has state; used by one thread at a time. */
final class ChatStreamWriter implements BlockSink {

    private final Frame frame;
    private final Pieces out;
    private String model;
    private @Nullable Block open;
    private int calls;
    private int length;
    private boolean argued;
    private boolean refused;
    private boolean function;
    private boolean functionOpen;

    /** The arguments of a tool that takes a plain text, which is known when they are whole. */
    private final StringBuilder input = new StringBuilder();

    ChatStreamWriter(Frame frame, Pieces out) {
        this.frame = frame;
        this.out = out;
        this.model = frame.model();
    }

    @Override
    public void begin(String name, Usage usage) {
        model = name;
        delta(Json.object().put("role", "assistant").put("content", "").putNull("refusal"));
    }

    @Override
    public void open(Block block) {
        open = block;
        if (block instanceof Block.Call call) {
            argued = false;
            input.setLength(0);
            functionOpen = ChatAnswerWriter.isFunction(call.tool()) && !function;
            if (functionOpen) {
                function = true;
                functionCall("name", call.tool().name());
            } else if (!ChatAnswerWriter.isFunction(call.tool())) {
                begin(call);
            }
        }
    }

    private void begin(Block.Call call) {
        boolean custom = call.tool().freeform();
        ObjectNode json =
                Json.object()
                        .put("index", calls)
                        .put("id", Seals.id(call.id(), call.seal()))
                        .put("type", custom ? "custom" : "function");
        json.putObject(custom ? "custom" : "function")
                .put("name", ChatAnswerWriter.name(call.tool()))
                .put(custom ? "input" : "arguments", "");
        toolCall(json);
    }

    @Override
    public void piece(String text) {
        switch (open) {
            case Block.Text block -> {
                length += text.length();
                delta(Json.object().put("content", text));
            }
            case Block.Reasoning block -> delta(Json.object().put("reasoning_content", text));
            case Block.Refusal block -> {
                refused = true;
                delta(Json.object().put("refusal", text));
            }
            case Block.Call call -> arguments(call, text);
            case null -> throw new IllegalStateException("No block is open");
        }
    }

    private void arguments(Block.Call call, String text) {
        argued = true;
        if (functionOpen) {
            functionCall("arguments", text);
        } else if (call.tool().freeform()) {
            input.append(text);
        } else if (!ChatAnswerWriter.isFunction(call.tool())) {
            ObjectNode json = Json.object().put("index", calls);
            json.putObject("function").put("arguments", text);
            toolCall(json);
        }
    }

    private void toolCall(ObjectNode call) {
        ObjectNode delta = Json.object();
        delta.putArray("tool_calls").add(call);
        delta(delta);
    }

    private void functionCall(String field, String text) {
        ObjectNode delta = Json.object();
        delta.putObject("function_call").put(field, text);
        delta(delta);
    }

    @Override
    public void cite(Citation citation) {
        ObjectNode delta = Json.object();
        delta.putArray("annotations").add(ChatAnswerWriter.annotation(citation, length));
        delta(delta);
    }

    @Override
    public void likelihoods(List<TokenLikelihood> tokens) {
        ObjectNode json = chunk(Json.object().put("content", ""));
        choice(json).set("logprobs", ChatAnswerWriter.logprobs(tokens));
        choice(json).putNull("finish_reason");
        out.data(json);
    }

    @Override
    public void close(Optional<Seal> seal) {
        if (open instanceof Block.Call call) {
            close(call);
        }
        open = null;
    }

    private void close(Block.Call call) {
        if (!argued) {
            arguments(call, "{}");
        }
        if (call.tool().freeform()) {
            ObjectNode json = Json.object().put("index", calls);
            json.putObject("custom").put("input", ChatAnswerWriter.input(input.toString()));
            toolCall(json);
        }
        if (!ChatAnswerWriter.isFunction(call.tool())) {
            calls++;
        }
    }

    @Override
    public void end(Stop stop, Usage usage) {
        ObjectNode last = chunk(Json.object());
        choice(last).put("finish_reason", ChatAnswerWriter.finishReason(stop, refused, function));
        out.data(last);
        if (frame.withUsage() && ChatAnswerWriter.isKnown(usage)) {
            ObjectNode counted = envelope();
            counted.putArray("choices");
            out.data(counted.set("usage", OpenAi.writeChatUsage(usage)));
        }
        out.mark("[DONE]");
    }

    private void delta(ObjectNode delta) {
        ObjectNode json = chunk(delta);
        choice(json).putNull("finish_reason");
        out.data(json);
    }

    private ObjectNode chunk(JsonNode delta) {
        ObjectNode json = envelope();
        json.putArray("choices").addObject().put("index", 0).set("delta", delta);
        return json;
    }

    private ObjectNode envelope() {
        return ChatAnswerWriter.envelope("chat.completion.chunk", model, frame);
    }

    private static ObjectNode choice(ObjectNode chunk) {
        return (ObjectNode) chunk.path("choices").path(0);
    }
}

package dev.pointsman.wire;

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

    /** Written again and again, with another delta. */
    private final ObjectNode chunk;

    private final ObjectNode choice;
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
        this.chunk = ChatAnswerWriter.envelope("chat.completion.chunk", frame.model(), frame);
        this.choice = chunk.putArray("choices").addObject();
        choice.put("index", 0).putNull("delta").putNull("finish_reason");
    }

    @Override
    public void begin(String name, Usage usage) {
        chunk.put("model", name);
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
        choice.set("logprobs", ChatAnswerWriter.logprobs(tokens));
        delta(Json.object().put("content", ""));
        choice.remove("logprobs");
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
        choice.put("finish_reason", ChatAnswerWriter.finishReason(stop, refused, function));
        delta(Json.object());
        if (frame.withUsage() && ChatAnswerWriter.isKnown(usage)) {
            chunk.putArray("choices");
            chunk.set("usage", OpenAiUsage.writeChat(usage));
            out.data(chunk);
        }
        out.mark("[DONE]");
    }

    private void delta(ObjectNode delta) {
        choice.set("delta", delta);
        out.data(chunk);
    }
}

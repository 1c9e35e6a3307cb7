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
import java.util.Objects;
import java.util.Optional;

/**
 * Writes an answer as a stream. A block of reasoning is begun at its first piece, for only its seal
 * says whether one without pieces is redacted. Has state.
 */
final class AnthropicSink implements BlockSink {

    private static final String DELTA = "content_block_delta";

    private final Frame frame;
    private final Pieces out;
    private @Nullable Block open;
    private boolean begun;
    private int index;

    AnthropicSink(Frame frame, Pieces out) {
        this.frame = frame;
        this.out = out;
    }

    @Override
    public void begin(String model, Usage usage) {
        ObjectNode message = AnthropicAnswerWriter.message(model, frame);
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence");
        ObjectNode counters = AnthropicAnswerWriter.usage(usage, frame);
        counters.put("output_tokens", 1).remove("output_tokens_details");
        message.set("usage", counters);
        ObjectNode start = Json.object().put("type", "message_start");
        start.set("message", message);
        out.event("message_start", start);
    }

    @Override
    public void open(Block block) {
        open = block;
        begun = false;
        switch (block) {
            case Block.Text text -> start(AnthropicMedia.text(""));
            case Block.Refusal refusal -> start(AnthropicMedia.text(""));
            case Block.Call call ->
                    start(AnthropicAnswerWriter.call(call.id(), call.tool(), call.seal()));
            case Block.Reasoning reasoning -> {
                // begun later
            }
        }
    }

    private void start(JsonNode block) {
        begun = true;
        ObjectNode start = Json.object().put("type", "content_block_start").put("index", index);
        start.set("content_block", block);
        out.event("content_block_start", start);
    }

    @Override
    public void piece(String text) {
        switch (Objects.requireNonNull(open)) {
            case Block.Text block -> delta("text_delta", "text", text);
            case Block.Refusal block -> delta("text_delta", "text", text);
            case Block.Call block -> delta("input_json_delta", "partial_json", text);
            case Block.Reasoning block -> {
                startThinking();
                delta("thinking_delta", "thinking", text);
            }
        }
    }

    private void startThinking() {
        if (!begun) {
            start(Json.object().put("type", "thinking").put("thinking", "").put("signature", ""));
        }
    }

    private void delta(String type, String name, String value) {
        delta(Json.object().put("type", type).put(name, value));
    }

    private void delta(ObjectNode delta) {
        ObjectNode event = Json.object().put("type", DELTA).put("index", index);
        event.set("delta", delta);
        out.event(DELTA, event);
    }

    @Override
    public void cite(Citation citation) {
        ObjectNode delta = Json.object().put("type", "citations_delta");
        delta.set("citation", AnthropicAnswerWriter.citation(citation));
        delta(delta);
    }

    @Override
    public void likelihoods(List<TokenLikelihood> tokens) {
        // the format has no place for them
    }

    @Override
    public void close(Optional<Seal> seal) {
        if (open instanceof Block.Reasoning) {
            sealed(seal);
        }
        out.event(
                "content_block_stop",
                Json.object().put("type", "content_block_stop").put("index", index));
        open = null;
        index++;
    }

    private void sealed(Optional<Seal> seal) {
        Optional<JsonNode> redacted =
                begun ? Optional.empty() : AnthropicAnswerWriter.redacted(seal);
        if (redacted.isPresent()) {
            start(redacted.get());
            return;
        }
        startThinking();
        delta("signature_delta", "signature", AnthropicAnswerWriter.signature(seal));
    }

    @Override
    public void end(Stop stop, Usage usage) {
        ObjectNode end = Json.object().put("type", "message_delta");
        end.putObject("delta")
                .put("stop_reason", AnthropicAnswerWriter.stopReason(stop))
                .putNull("stop_sequence");
        end.set("usage", AnthropicAnswerWriter.usage(usage, frame));
        out.event("message_delta", end);
        out.event("message_stop", Json.object().put("type", "message_stop"));
    }
}

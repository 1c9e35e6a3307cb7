package dev.pointsman.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Part;
import dev.pointsman.core.Seal;
import dev.pointsman.core.TokenLikelihood;
import dev.pointsman.core.ToolName;
import dev.pointsman.core.Usage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Refusals are told as texts of an answer that ended for safety. */
final class GeminiAnswerWriter implements AnswerWriter {

    @Override
    public byte[] whole(FullAnswer answer, Frame frame) {
        ObjectNode json = Json.object();
        ObjectNode candidate = json.putArray("candidates").addObject();
        ArrayNode parts = content(candidate);
        StringBuilder text = new StringBuilder();
        for (Part part : answer.parts()) {
            part(part, parts, text);
        }
        if (parts.isEmpty()) {
            parts.addObject().put("text", "");
        }
        candidate.put("finishReason", reason(answer.stop())).put("index", 0);
        if (!answer.citations().isEmpty()) {
            candidate.set("groundingMetadata", GeminiCitations.write(answer.citations(), text));
        }
        likelihoods(answer.likelihoods(), candidate);
        GeminiUsage.write(answer.usage(), json);
        json.put("modelVersion", answer.model().isEmpty() ? frame.model() : answer.model());
        return Json.bytes(json.put("responseId", frame.id()));
    }

    @Override
    public BlockSink stream(Frame frame, Pieces out) {
        return new Stream(frame, out);
    }

    private static ArrayNode content(ObjectNode candidate) {
        return candidate.putObject("content").put("role", "model").putArray("parts");
    }

    private static void part(Part part, ArrayNode parts, StringBuilder text) {
        switch (part) {
            case Part.Text said -> {
                text.append(said.text());
                text(said.text(), parts);
            }
            case Part.Refusal said -> text(said.text(), parts);
            case Part.Reasoning thought -> {
                ObjectNode json =
                        parts.addObject().put("text", thought.text()).put("thought", true);
                thought.seal()
                        .ifPresent(seal -> json.put("thoughtSignature", Gemini.signature(seal)));
            }
            case Part.ToolCall call ->
                    call(call.id(), call.tool(), call.arguments(), call.seal(), parts.addObject());
            case Part.Picture picture -> {
                // no answer brings one
            }
            case Part.File file -> {
                // no answer brings one
            }
            case Part.ToolResult result -> {
                // no answer brings one
            }
        }
    }

    private static void text(String text, ArrayNode parts) {
        if (!text.isEmpty()) {
            parts.addObject().put("text", text);
        }
    }

    private static void call(
            String id, ToolName tool, String arguments, Optional<Seal> seal, ObjectNode part) {
        ObjectNode call = part.putObject("functionCall");
        if (!id.isEmpty()) {
            call.put("id", id);
        }
        call.put("name", tool.name()).set("args", GeminiContentsWriter.arguments(arguments));
        seal.ifPresent(made -> part.put("thoughtSignature", Gemini.signature(made)));
    }

    private static void likelihoods(List<TokenLikelihood> tokens, ObjectNode candidate) {
        if (tokens.isEmpty()) {
            return;
        }
        ObjectNode result = candidate.putObject("logprobsResult");
        ArrayNode top = result.putArray("topCandidates");
        ArrayNode chosen = result.putArray("chosenCandidates");
        for (TokenLikelihood token : tokens) {
            likelihood(token, chosen);
            ArrayNode likely = top.addObject().putArray("candidates");
            token.top().forEach(one -> likelihood(one, likely));
        }
    }

    private static void likelihood(TokenLikelihood token, ArrayNode list) {
        list.addObject().put("token", token.token()).put("logProbability", token.logprob());
    }

    private static String reason(Stop stop) {
        return switch (stop) {
            case END, STOP_SEQUENCE, TOOL_CALLS -> "STOP";
            case MAX_TOKENS -> "MAX_TOKENS";
            case REFUSAL -> "SAFETY";
            case OTHER -> "OTHER";
        };
    }

    /**
     * Each piece is a chunk of its own. A call, which the format has no pieces of, goes out whole.
     * A seal stands at the part behind the reasoning, where Google puts its own: clients keep it
     * there, but not at a thought without text.
     */
    private static final class Stream implements BlockSink {

        private final Frame frame;
        private final Pieces out;
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder arguments = new StringBuilder();
        private final List<Citation> citations = new ArrayList<>();
        private final List<TokenLikelihood> likelihoods = new ArrayList<>();
        private String model;
        private @Nullable Block open;
        private Optional<Seal> seal = Optional.empty();

        Stream(Frame frame, Pieces out) {
            this.frame = frame;
            this.out = out;
            this.model = frame.model();
        }

        @Override
        public void begin(String name, Usage usage) {
            model = name;
        }

        @Override
        public void open(Block block) {
            open = block;
            arguments.setLength(0);
        }

        @Override
        public void piece(String piece) {
            if (open instanceof Block.Call) {
                arguments.append(piece);
                return;
            }
            ObjectNode chunk = Json.object();
            if (open instanceof Block.Reasoning) {
                content(candidate(chunk)).addObject().put("text", piece).put("thought", true);
            } else {
                sealed(content(candidate(chunk)).addObject().put("text", piece));
            }
            if (open instanceof Block.Text) {
                text.append(piece);
            }
            send(chunk);
        }

        /** They go with the next chunk, the one of their text being gone. */
        @Override
        public void likelihoods(List<TokenLikelihood> tokens) {
            likelihoods.addAll(tokens);
        }

        @Override
        public void cite(Citation citation) {
            citations.add(citation);
        }

        @Override
        public void close(Optional<Seal> made) {
            Block block = open;
            open = null;
            if (block instanceof Block.Call call) {
                ObjectNode chunk = Json.object();
                ObjectNode part = content(candidate(chunk)).addObject();
                call(call.id(), call.tool(), arguments.toString(), call.seal(), part);
                if (call.seal().isEmpty()) {
                    sealed(part);
                }
                send(chunk);
            } else if (made.isPresent()) {
                if (seal.isPresent()) {
                    ObjectNode chunk = Json.object();
                    sealed(
                            content(candidate(chunk))
                                    .addObject()
                                    .put("text", "")
                                    .put("thought", true));
                    send(chunk);
                }
                seal = made;
            }
        }

        private void sealed(ObjectNode part) {
            seal.ifPresent(made -> part.put("thoughtSignature", Gemini.signature(made)));
            seal = Optional.empty();
        }

        @Override
        public void end(Stop stop, Usage usage) {
            ObjectNode chunk = Json.object();
            ObjectNode candidate = candidate(chunk);
            sealed(content(candidate).addObject().put("text", ""));
            candidate.put("finishReason", reason(stop));
            if (!citations.isEmpty()) {
                candidate.set("groundingMetadata", GeminiCitations.write(citations, text));
            }
            GeminiUsage.write(usage, chunk);
            send(chunk);
        }

        private ObjectNode candidate(ObjectNode chunk) {
            ObjectNode candidate = chunk.putArray("candidates").addObject().put("index", 0);
            GeminiAnswerWriter.likelihoods(likelihoods, candidate);
            likelihoods.clear();
            return candidate;
        }

        private void send(ObjectNode chunk) {
            out.data(chunk.put("modelVersion", model).put("responseId", frame.id()));
        }
    }
}

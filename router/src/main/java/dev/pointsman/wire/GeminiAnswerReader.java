package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Seal;
import dev.pointsman.core.TokenLikelihood;
import dev.pointsman.core.ToolName;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads an answer, which is one {@code GenerateContentResponse} or, streamed, several that each
 * bring more. Has state; reads one answer.
 */
final class GeminiAnswerReader {

    private final StringBuilder text = new StringBuilder();
    private final GeminiCitations citations = new GeminiCitations();
    private boolean begun;
    private boolean stopped;
    private int slots;

    /** Whether a reason has come for which the answer ended. */
    boolean isStopped() {
        return stopped;
    }

    void read(JsonNode json, Consumer<AnswerEvent> out) {
        if (!begun && json.path("modelVersion").isTextual()) {
            begun = true;
            out.accept(new AnswerEvent.Begun(json.path("modelVersion").textValue()));
        }
        JsonNode candidate = json.path("candidates").path(0);
        parts(candidate, json.path("responseId").asText(""), out);
        if (json.path("usageMetadata").isObject()) {
            out.accept(new AnswerEvent.Tokens(GeminiUsage.read(json.path("usageMetadata"))));
        }
        stop(json, candidate, out);
    }

    /** What is told of the text stands with it, before a seal or a call ends it. */
    private void parts(JsonNode candidate, String answer, Consumer<AnswerEvent> out) {
        JsonNode parts = candidate.path("content").path("parts");
        int before = text.length();
        int last = lastText(parts);
        if (last < 0) {
            about(candidate, before, out);
        }
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.path(i);
            Optional<Seal> seal = Gemini.seal(part.path("thoughtSignature").asText(""));
            if (isOfReasoningBefore(part, seal)) {
                seal.ifPresent(made -> out.accept(new AnswerEvent.Sealed(made)));
                seal = Optional.empty();
            }
            part(part, answer, seal, out);
            if (i == last) {
                about(candidate, before, out);
            }
            if (!part.path("functionCall").isObject()) {
                seal.ifPresent(made -> out.accept(new AnswerEvent.Sealed(made)));
            }
        }
    }

    /** Pointsman puts another provider's seal at the part behind the reasoning. */
    private static boolean isOfReasoningBefore(JsonNode part, Optional<Seal> seal) {
        return !part.path("thought").asBoolean()
                && seal.filter(made -> !Gemini.isOwn(made)).isPresent();
    }

    private static int lastText(JsonNode parts) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            JsonNode part = parts.path(i);
            if (part.path("text").isTextual() && !part.path("thought").asBoolean()) {
                return i;
            }
        }
        return -1;
    }

    private void about(JsonNode candidate, int before, Consumer<AnswerEvent> out) {
        if (candidate.path("logprobsResult").isObject()) {
            likelihoods(candidate.path("logprobsResult"), out);
        }
        citations.read(candidate, text, before, out);
        if (candidate.path("finishReason").isTextual()) {
            citations.rest(out);
        }
    }

    private void stop(JsonNode json, JsonNode candidate, Consumer<AnswerEvent> out) {
        boolean blocked = isBlocked(json);
        JsonNode reason = candidate.path("finishReason");
        if (reason.isTextual() || blocked) {
            stopped = true;
            Stop stop = blocked ? Stop.REFUSAL : stop(reason.asText());
            out.accept(
                    new AnswerEvent.Stopped(
                            stop == Stop.END && slots > 0 ? Stop.TOOL_CALLS : stop));
        }
    }

    static boolean isBlocked(JsonNode json) {
        return json.path("promptFeedback").path("blockReason").isTextual();
    }

    private void part(
            JsonNode part, String answer, Optional<Seal> seal, Consumer<AnswerEvent> out) {
        JsonNode call = part.path("functionCall");
        JsonNode said = part.path("text");
        if (call.isObject()) {
            call(call, answer, seal, out);
        } else if (said.isTextual()) {
            text(said.textValue(), part.path("thought").asBoolean(), out);
        } else {
            kind(part).ifPresent(kind -> out.accept(new AnswerEvent.Other(kind)));
        }
    }

    private void text(String said, boolean thought, Consumer<AnswerEvent> out) {
        if (said.isEmpty()) {
            return;
        }
        if (thought) {
            out.accept(new AnswerEvent.Reasoning(said));
        } else {
            text.append(said);
            out.accept(new AnswerEvent.Text(said));
        }
    }

    /** The field that says what a part is. */
    private static Optional<String> kind(JsonNode part) {
        for (Iterator<String> names = part.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!name.equals("thought") && !name.equals("thoughtSignature")) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    private void call(
            JsonNode call, String answer, Optional<Seal> seal, Consumer<AnswerEvent> out) {
        String name = call.path("name").asText("");
        if (name.isEmpty()) {
            out.accept(new AnswerEvent.Other("functionCall"));
            return;
        }
        String arguments = call.path("args").isObject() ? Json.text(call.path("args")) : "{}";
        String id = call.path("id").asText("");
        int slot = slots++;
        out.accept(
                new AnswerEvent.ToolCall(
                        slot,
                        id.isEmpty() ? Gemini.callId(name, arguments, answer + slot) : id,
                        ToolName.of(name),
                        seal));
        out.accept(new AnswerEvent.ToolArguments(slot, arguments));
    }

    private static void likelihoods(JsonNode result, Consumer<AnswerEvent> out) {
        JsonNode top = result.path("topCandidates");
        List<TokenLikelihood> tokens = new ArrayList<>();
        int place = 0;
        for (JsonNode chosen : result.path("chosenCandidates")) {
            List<TokenLikelihood> likely = new ArrayList<>();
            for (JsonNode one : top.path(place).path("candidates")) {
                likely.add(likelihood(one, List.of()));
            }
            tokens.add(likelihood(chosen, likely));
            place++;
        }
        if (!tokens.isEmpty()) {
            out.accept(new AnswerEvent.Likelihoods(tokens));
        }
    }

    private static TokenLikelihood likelihood(JsonNode token, List<TokenLikelihood> top) {
        return new TokenLikelihood(
                token.path("token").asText(""),
                Math.min(0, token.path("logProbability").asDouble()),
                top);
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
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION" ->
                    Stop.REFUSAL;
            default -> Stop.OTHER;
        };
    }
}

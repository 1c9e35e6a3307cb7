package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Citation;
import dev.pointsman.core.TokenLikelihood;
import dev.pointsman.core.ToolName;
import dev.pointsman.core.Usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Hands on what the objects of an answer say. Has state. */
final class ResponsesOutputReader {

    /** More characters than a text has; sums of such places still fit. */
    private static final int LONGEST = 1 << 29;

    private Consumer<AnswerEvent> out;
    private boolean begun;
    private boolean refused;
    private boolean called;
    private int slots;

    /** How long the texts of the parts before are. */
    private int before;

    /** How long the text of this part is by now. */
    private int length;

    ResponsesOutputReader(Consumer<AnswerEvent> out) {
        this.out = out;
    }

    void to(Consumer<AnswerEvent> next) {
        out = next;
    }

    void begun(JsonNode response) {
        if (!begun) {
            begun = true;
            out.accept(new AnswerEvent.Begun(response.path("model").asText("")));
        }
    }

    void output(JsonNode response) {
        for (JsonNode item : response.path("output")) {
            item(item);
        }
    }

    void ended(JsonNode response) {
        tokens(response);
        out.accept(new AnswerEvent.Stopped(stop(response)));
        out.accept(new AnswerEvent.End());
    }

    /** Complete, it says, and holds nothing: there is no reason for that. */
    void endedEmpty(JsonNode response) {
        tokens(response);
        out.accept(new AnswerEvent.End());
    }

    private void tokens(JsonNode response) {
        Usage usage = OpenAiUsage.at(response, OpenAiUsage.responses(response.path("usage")));
        out.accept(new AnswerEvent.Tokens(usage));
    }

    private Stop stop(JsonNode response) {
        if (refused) {
            return Stop.REFUSAL;
        }
        if (response.path("status").asText().equals(ResponsesItems.COMPLETED)) {
            return called || calls(response) ? Stop.TOOL_CALLS : Stop.END;
        }
        return switch (response.path("incomplete_details").path("reason").asText()) {
            case "max_output_tokens" -> Stop.MAX_TOKENS;
            case "content_filter" -> Stop.REFUSAL;
            default -> Stop.OTHER;
        };
    }

    private void item(JsonNode item) {
        String type = item.path("type").asText("");
        switch (type) {
            case "message" -> message(item);
            case "reasoning" -> {
                reasoning(ResponsesInputReader.shown(item));
                seal(item);
            }
            case "function_call" -> arguments(call(item), item.path("arguments").asText(""));
            case "custom_tool_call" ->
                    arguments(
                            call(item), ResponsesFreeform.arguments(item.path("input").asText("")));
            default -> out.accept(new AnswerEvent.Other(type));
        }
    }

    void message(JsonNode item) {
        for (JsonNode part : item.path("content")) {
            String type = part.path("type").asText("");
            switch (type) {
                case "output_text" -> {
                    nextPart();
                    text(part.path("text").asText(""));
                    likelihoods(part.path("logprobs"));
                    part.path("annotations").forEach(this::cite);
                }
                case "refusal" -> refusal(part.path("refusal").asText(""));
                default -> out.accept(new AnswerEvent.Other(type));
            }
        }
    }

    /** Places of citations count from the beginning of their part. */
    void nextPart() {
        before += length;
        length = 0;
    }

    void text(String delta) {
        if (!delta.isEmpty()) {
            length += delta.length();
            out.accept(new AnswerEvent.Text(delta));
        }
    }

    void refusal(String delta) {
        refused = true;
        out.accept(new AnswerEvent.Refusal(delta));
    }

    void reasoning(String delta) {
        if (!delta.isEmpty()) {
            out.accept(new AnswerEvent.Reasoning(delta));
        }
    }

    void seal(JsonNode item) {
        if (!item.path("encrypted_content").asText("").isEmpty()) {
            out.accept(new AnswerEvent.Sealed(ResponsesInputReader.seal(item)));
        }
    }

    /** Not every event of a stream need have been read. */
    private static boolean calls(JsonNode response) {
        for (JsonNode item : response.path("output")) {
            if (item.path("type").asText().endsWith("_call") && item.has("call_id")) {
                return true;
            }
        }
        return false;
    }

    void other(String kind) {
        out.accept(new AnswerEvent.Other(kind));
    }

    void failed(JsonNode error) {
        out.accept(new AnswerEvent.Failed(HttpFailures.inBand(error)));
    }

    /** Hands on a call and gives its slot. */
    int call(JsonNode item) {
        called = true;
        int slot = slots++;
        out.accept(
                new AnswerEvent.ToolCall(
                        slot,
                        item.path("call_id").asText(item.path("id").asText("")),
                        new ToolName(
                                item.path("name").asText(""),
                                Optional.ofNullable(item.path("namespace").textValue())
                                        .filter(space -> !space.isEmpty()),
                                item.path("type").asText().equals("custom_tool_call")),
                        Optional.empty()));
        return slot;
    }

    /** A call's arguments, whole. */
    void arguments(int slot, String arguments) {
        argumentsDelta(slot, arguments.isBlank() ? "{}" : arguments);
    }

    void argumentsDelta(int slot, String delta) {
        if (!delta.isEmpty()) {
            out.accept(new AnswerEvent.ToolArguments(slot, delta));
        }
    }

    void cite(JsonNode annotation) {
        String url = annotation.path("url").asText("");
        if (annotation.path("type").asText().equals("url_citation") && !url.isEmpty()) {
            out.accept(
                    new AnswerEvent.Cited(
                            new Citation(
                                    url,
                                    Optional.ofNullable(annotation.path("title").textValue()),
                                    Optional.empty(),
                                    place(annotation.path("start_index")),
                                    place(annotation.path("end_index")))));
        }
    }

    private OptionalInt place(JsonNode index) {
        return index.isInt() && index.asInt() >= 0 && index.asInt() <= LONGEST
                ? OptionalInt.of(before + index.asInt())
                : OptionalInt.empty();
    }

    void likelihoods(JsonNode tokens) {
        if (tokens.isArray() && !tokens.isEmpty()) {
            out.accept(new AnswerEvent.Likelihoods(likely(tokens)));
        }
    }

    private static List<TokenLikelihood> likely(JsonNode tokens) {
        List<TokenLikelihood> likely = new ArrayList<>(tokens.size());
        for (JsonNode token : tokens) {
            likely.add(
                    new TokenLikelihood(
                            token.path("token").asText(""),
                            token.path("logprob").asDouble(0),
                            likely(token.path("top_logprobs"))));
        }
        return likely;
    }
}

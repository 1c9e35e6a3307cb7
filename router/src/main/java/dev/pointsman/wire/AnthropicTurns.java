package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Message;
import dev.pointsman.core.Part;
import dev.pointsman.core.Seal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts messages into turns of user and assistant that alternate; results of tools stand first in
 * theirs. Instructions between the turns go as a system message where the model takes one there:
 * directly after the user's turn, with the assistant's or nothing behind it. Elsewhere they are
 * told by the user in {@code <system-reminder>} tags, at their place. Has state.
 */
final class AnthropicTurns {

    /** What the user says where the assistant spoke first: the format begins with the user. */
    private static final String NOTHING_SAID = ".";

    private static final String REMINDER = "<system-reminder>\n";
    private static final String REMINDED = "\n</system-reminder>";

    private enum Speaker {
        USER("user"),
        ASSISTANT("assistant"),
        SYSTEM("system");

        private final String role;

        Speaker(String role) {
            this.role = role;
        }
    }

    private record Turn(Speaker speaker, List<JsonNode> results, List<JsonNode> others) {}

    private final boolean systemInside;
    private final boolean sealsKept;
    private final Set<String> dropped;
    private final List<Turn> turns = new ArrayList<>();

    /**
     * @param systemInside whether the model takes system messages between turns
     * @param sealsKept whether sealed thinking goes back
     * @param dropped takes the names of what is left out
     */
    AnthropicTurns(boolean systemInside, boolean sealsKept, Set<String> dropped) {
        this.systemInside = systemInside;
        this.sealsKept = sealsKept;
        this.dropped = dropped;
    }

    void add(Message message) {
        Speaker speaker =
                switch (message.role()) {
                    case SYSTEM, DEVELOPER -> Speaker.SYSTEM;
                    case USER -> Speaker.USER;
                    case ASSISTANT -> Speaker.ASSISTANT;
                };
        List<JsonNode> besideResults = new ArrayList<>();
        for (Part part : message.parts()) {
            switch (part) {
                case Part.Text text -> text(speaker, text.text());
                case Part.Refusal refusal -> text(Speaker.ASSISTANT, refusal.text());
                case Part.Picture picture ->
                        turn(speaker).others().add(AnthropicMedia.image(picture.image()));
                case Part.File file -> turn(speaker).others().add(AnthropicMedia.document(file));
                case Part.Reasoning reasoning -> reasoning(reasoning);
                case Part.ToolCall call -> call(call);
                case Part.ToolResult result ->
                        turn(Speaker.USER).results().add(result(result, besideResults));
            }
        }
        if (!besideResults.isEmpty()) {
            turn(Speaker.USER).others().addAll(besideResults);
        }
    }

    private Turn turn(Speaker speaker) {
        if (turns.isEmpty() || turns.getLast().speaker() != speaker) {
            turns.add(new Turn(speaker, new ArrayList<>(), new ArrayList<>()));
        }
        return turns.getLast();
    }

    private void text(Speaker speaker, String text) {
        if (!text.isBlank()) {
            turn(speaker).others().add(AnthropicMedia.text(text));
        }
    }

    private void reasoning(Part.Reasoning reasoning) {
        Optional<JsonNode> block = reasoning.seal().flatMap(AnthropicTurns::sealed);
        if (block.isEmpty()) {
            dropped.add("reasoning of another provider");
        } else if (sealsKept) {
            turn(Speaker.ASSISTANT).others().add(block.get());
        }
    }

    /** The block that was sealed, if it was made here. */
    static Optional<JsonNode> sealed(Seal seal) {
        if (!seal.maker().equals(Format.ANTHROPIC_MESSAGES.label())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(seal.value())).filter(AnthropicTurns::isThinking);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isThinking(JsonNode block) {
        String type = block.path("type").asText();
        return type.equals("thinking") || type.equals("redacted_thinking");
    }

    private void call(Part.ToolCall call) {
        if (call.seal().isPresent()) {
            dropped.add("reasoning of another provider");
        }
        ObjectNode block =
                Json.object()
                        .put("type", "tool_use")
                        .put("id", id(call.id()))
                        .put("name", AnthropicRequestWriter.name(call.tool()));
        block.set("input", input(call.arguments()));
        turn(Speaker.ASSISTANT).others().add(block);
    }

    /** Arguments as an object; those that are none stand in one as they are. */
    static JsonNode input(String arguments) {
        if (arguments.isBlank()) {
            return Json.object();
        }
        try {
            JsonNode input = Json.read(arguments);
            if (input.isObject()) {
                return input;
            }
        } catch (IOException e) {
            // the model erred
        }
        return Json.object().put("input", arguments);
    }

    /** The call's id if the format takes it; else one that depends on it alone. */
    static String id(String id) {
        for (int i = 0; i < id.length(); i++) {
            if (!fits(id.charAt(i))) {
                return "toolu_" + ToolNames.mark(id);
            }
        }
        return id.isEmpty() ? "toolu_" + ToolNames.mark(id) : id;
    }

    static boolean fits(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '-';
    }

    /**
     * @param beside takes what a failed tool gave that is no text, for which its result has no
     *     place
     */
    private static ObjectNode result(Part.ToolResult result, List<JsonNode> beside) {
        ObjectNode block =
                Json.object().put("type", "tool_result").put("tool_use_id", id(result.callId()));
        List<JsonNode> content = new ArrayList<>(result.content().size());
        for (Part part : result.content()) {
            switch (part) {
                case Part.Text text -> {
                    if (!text.text().isBlank()) {
                        content.add(AnthropicMedia.text(text.text()));
                    }
                }
                case Part.Picture picture ->
                        (result.error() ? beside : content)
                                .add(AnthropicMedia.image(picture.image()));
                case Part.File file ->
                        (result.error() ? beside : content).add(AnthropicMedia.document(file));
                default -> {
                    // nothing else is given by a tool
                }
            }
        }
        content(block, content);
        if (result.error()) {
            block.put("is_error", true);
        }
        return block;
    }

    /** A single text goes as such. */
    private static void content(ObjectNode object, List<JsonNode> content) {
        if (content.size() == 1 && content.getFirst().path("type").asText().equals("text")) {
            object.set("content", content.getFirst().path("text"));
        } else if (!content.isEmpty()) {
            object.putArray("content").addAll(content);
        }
    }

    /** All that was added. */
    ArrayNode write() {
        ArrayNode messages = Json.array();
        List<Turn> placed = placed();
        if (!placed.isEmpty() && placed.getFirst().speaker() == Speaker.ASSISTANT) {
            messages.addObject().put("role", Speaker.USER.role).put("content", NOTHING_SAID);
        }
        for (Turn turn : placed) {
            List<JsonNode> content = turn.results();
            content.addAll(turn.others());
            ObjectNode message = messages.addObject().put("role", turn.speaker().role);
            content(message, content);
        }
        return messages;
    }

    /** The turns with each system message where it can stand, or told by the user. */
    private List<Turn> placed() {
        List<Turn> placed = new ArrayList<>(turns.size());
        for (int i = 0; i < turns.size(); i++) {
            Turn turn = turns.get(i);
            if (turn.speaker() != Speaker.SYSTEM) {
                join(placed, turn);
            } else if (systemInside
                    && !placed.isEmpty()
                    && placed.getLast().speaker() == Speaker.USER
                    && (i + 1 == turns.size() || turns.get(i + 1).speaker() == Speaker.ASSISTANT)) {
                placed.add(turn);
            } else {
                join(placed, reminder(turn));
            }
        }
        return placed;
    }

    private static void join(List<Turn> placed, Turn turn) {
        if (placed.isEmpty() || placed.getLast().speaker() != turn.speaker()) {
            placed.add(turn);
        } else {
            placed.getLast().results().addAll(turn.results());
            placed.getLast().others().addAll(turn.others());
        }
    }

    private static Turn reminder(Turn system) {
        List<JsonNode> told = new ArrayList<>();
        for (JsonNode block : system.others()) {
            told.add(AnthropicMedia.text(REMINDER + block.path("text").asText() + REMINDED));
        }
        return new Turn(Speaker.USER, new ArrayList<>(), told);
    }
}

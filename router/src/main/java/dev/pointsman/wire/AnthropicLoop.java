package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Iterator;
import java.util.Set;

/**
 * A loop of calls and results at the end of an Anthropic request. Thinking with a budget asks that
 * the loop begins with thinking; where that was another provider's, the turn goes without.
 */
final class AnthropicLoop {

    private AnthropicLoop() {}

    /**
     * Switches thinking off where its condition does not hold; says whether it did.
     *
     * @param dropped takes the name of what is left out
     */
    static boolean withoutThinking(JsonNode request, Set<String> dropped) {
        boolean budget = request.at("/thinking/type").asText().equals("enabled");
        if (!budget || !(request instanceof ObjectNode object) || beginsThinking(request)) {
            return false;
        }
        object.remove("thinking");
        removeThinkingEdits(object);
        dropped.add("thinking");
        return true;
    }

    /** Whether there is no loop, or its first answer begins as it must. */
    private static boolean beginsThinking(JsonNode request) {
        JsonNode messages = request.path("messages");
        int first = messages.size();
        for (int at = messages.size() - 1; at > 0 && tellsResults(messages.get(at)); at--) {
            while (at > 0 && isAnswer(messages.get(at - 1))) {
                at--;
                first = at;
            }
        }
        String type = messages.path(first).at("/content/0/type").asText();
        return first == messages.size() || type.endsWith("thinking");
    }

    private static boolean isAnswer(JsonNode message) {
        return message.path("role").asText().equals("assistant");
    }

    private static boolean tellsResults(JsonNode message) {
        for (JsonNode block : message.path("content")) {
            if (block.path("type").asText().equals("tool_result")) {
                return true;
            }
        }
        return false;
    }

    /** What clears thinking is refused where there is none. */
    private static void removeThinkingEdits(ObjectNode request) {
        JsonNode edits = request.at("/context_management/edits");
        for (Iterator<JsonNode> each = edits.elements(); each.hasNext(); ) {
            if (each.next().path("type").asText().startsWith("clear_thinking")) {
                each.remove();
            }
        }
        if (edits.isArray() && edits.isEmpty()) {
            request.remove("context_management");
        }
    }
}

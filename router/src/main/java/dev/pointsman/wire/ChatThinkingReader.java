package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Thinking;
import dev.pointsman.core.Thinking.Effort;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads how much a chat request wants to be reasoned: OpenAI's {@code reasoning_effort},
 * OpenRouter's {@code reasoning}, and {@code thinking} of several others. Has state; reads one
 * request.
 */
final class ChatThinkingReader {

    private static final Set<String> REASONING =
            Set.of("effort", "max_tokens", "exclude", "enabled");
    private static final Set<String> THINKING = Set.of("type", "budget_tokens");

    private final Consumer<String> left;
    private Optional<Effort> effort = Optional.empty();
    private OptionalInt budget = OptionalInt.empty();
    private Optional<Boolean> shown = Optional.empty();

    ChatThinkingReader(Consumer<String> left) {
        this.left = left;
    }

    void effort(JsonNode value, String path) {
        Optional<Effort> said = effort(value.asText());
        if (said.isEmpty()) {
            left.accept(path);
        } else {
            effort = said;
        }
    }

    private static Optional<Effort> effort(String word) {
        return Optional.ofNullable(
                switch (word) {
                    case "none" -> Effort.NONE;
                    case "minimal" -> Effort.MINIMAL;
                    case "low" -> Effort.LOW;
                    case "medium" -> Effort.MEDIUM;
                    case "high" -> Effort.HIGH;
                    case "xhigh" -> Effort.XHIGH;
                    case "max" -> Effort.MAX;
                    default -> null;
                });
    }

    void reasoning(JsonNode value) throws RequestException {
        Fields.leave(value, "reasoning", REASONING, left);
        if (!Fields.isAbsent(value.path("effort"))) {
            effort(value.path("effort"), "reasoning.effort");
        }
        budget("reasoning.max_tokens", value.path("max_tokens"));
        if (value.path("exclude").isBoolean()) {
            shown = Optional.of(!value.path("exclude").booleanValue());
        }
        if (value.path("enabled").isBoolean() && !value.path("enabled").booleanValue()) {
            effort = Optional.of(Effort.NONE);
        }
    }

    void thinking(JsonNode value) throws RequestException {
        Fields.leave(value, "thinking", THINKING, left);
        budget("thinking.budget_tokens", value.path("budget_tokens"));
        if (value.path("type").asText().equals("disabled")) {
            effort = Optional.of(Effort.NONE);
        }
    }

    private void budget(String path, JsonNode value) throws RequestException {
        if (!Fields.isAbsent(value)) {
            budget = OptionalInt.of(ChatSamplingReader.whole(path, value));
        }
    }

    Thinking thinking() {
        return effort.isEmpty() && budget.isEmpty() && shown.isEmpty()
                ? Thinking.UNSAID
                : new Thinking(effort, budget, false, shown);
    }
}

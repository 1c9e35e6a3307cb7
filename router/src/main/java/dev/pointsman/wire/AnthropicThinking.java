package dev.pointsman.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Message;
import dev.pointsman.core.Part;
import dev.pointsman.core.Thinking;
import dev.pointsman.core.Thinking.Effort;
import dev.pointsman.core.ToolChoice;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a request asks a model to think.
 *
 * <p>A level that was said in words takes at most half of the limit as its budget, but 1,024 at
 * least; a budget that was said as such is kept and the limit raised by it where it does not fit.
 * Thinking gives way to a forced tool, to an answer that the request begins and, where thinking has
 * a budget, to a loop of tools that began without sealed thinking: there the provider takes none.
 *
 * @param type of the {@code thinking} object; empty to say nothing
 * @param budget in tokens; 0 for none
 * @param effort as the provider calls it; empty to say nothing
 * @param display whether its text is shown; empty to say nothing
 * @param on whether the model will think
 * @param dropped what was wanted and is left out
 * @param maxTokens the request's limit
 */
record AnthropicThinking(
        String type,
        long budget,
        String effort,
        String display,
        boolean on,
        boolean dropped,
        long maxTokens) {

    private static final int LEAST_BUDGET = 1_024;
    private static final int ALLOWANCE = 1_024;

    static AnthropicThinking of(Conversation conversation, AnthropicModel model, long maxTokens) {
        Thinking thinking = conversation.thinking();
        Optional<Effort> level = thinking.level();
        if (thinking.least()) {
            return least(model, maxTokens);
        }
        if (level.isPresent() && level.get() == Effort.NONE) {
            return none(model, maxTokens, true);
        }
        if (model.wording() == AnthropicModel.Wording.NONE) {
            return silent(model, maxTokens, level.isPresent());
        }
        boolean givesWay = givesWay(conversation, model) && !model.alwaysThinks();
        if (givesWay) {
            return none(model, maxTokens, false).dropping(level.isPresent());
        }
        if (level.isEmpty()) {
            return unsaid(thinking, model, maxTokens);
        }
        return model.wording() == AnthropicModel.Wording.EFFORT
                ? adaptive(thinking, level.get(), model, maxTokens)
                : budgeted(thinking, level.get(), model, maxTokens);
    }

    private static AnthropicThinking silent(AnthropicModel model, long maxTokens, boolean dropped) {
        return new AnthropicThinking("", 0, "", "", model.thinksUnasked(), dropped, maxTokens);
    }

    private AnthropicThinking dropping(boolean wanted) {
        return new AnthropicThinking(type, budget, effort, display, on, wanted, maxTokens);
    }

    /** As little as the model does when told so; a task's limit leaves room for that. */
    private static AnthropicThinking least(AnthropicModel model, long maxTokens) {
        if (!model.alwaysThinks()) {
            return none(model, maxTokens, false);
        }
        return new AnthropicThinking("", 0, "low", "", true, false, maxTokens + ALLOWANCE);
    }

    /**
     * @param asked whether the caller said so
     */
    private static AnthropicThinking none(AnthropicModel model, long maxTokens, boolean asked) {
        if (model.alwaysThinks()) {
            return new AnthropicThinking("", 0, "low", "", true, asked, maxTokens);
        }
        boolean say = model.thinksUnasked() || (asked && model.version() == 0);
        boolean can = model.wording() != AnthropicModel.Wording.NONE;
        return new AnthropicThinking(
                say && can ? "disabled" : "", 0, "", "", false, false, maxTokens);
    }

    private static AnthropicThinking unsaid(
            Thinking thinking, AnthropicModel model, long maxTokens) {
        return model.thinksUnasked() && thinking.shown().isPresent()
                ? new AnthropicThinking(
                        "adaptive", 0, "", display(thinking), true, false, maxTokens)
                : silent(model, maxTokens, false);
    }

    private static AnthropicThinking adaptive(
            Thinking thinking, Effort level, AnthropicModel model, long maxTokens) {
        String effort =
                switch (level) {
                    case NONE, MINIMAL, LOW -> "low";
                    case MEDIUM -> "medium";
                    case HIGH -> "high";
                    case XHIGH -> model.takesXhigh() ? "xhigh" : "high";
                    case MAX -> "max";
                };
        return new AnthropicThinking(
                "adaptive", 0, effort, display(thinking), true, false, maxTokens);
    }

    private static AnthropicThinking budgeted(
            Thinking thinking, Effort level, AnthropicModel model, long maxTokens) {
        boolean said = thinking.budget().isPresent();
        long budget =
                Math.max(
                        LEAST_BUDGET,
                        said
                                ? thinking.budget().getAsInt()
                                : Math.min(level.budget(), maxTokens / 2));
        long limit = maxTokens;
        if (said ? budget >= maxTokens : budget > maxTokens / 2) {
            limit = capped(budget + maxTokens, model);
            budget = Math.min(budget, Math.max(LEAST_BUDGET, limit - maxTokens));
        }
        if (budget >= limit) {
            return silent(model, maxTokens, true);
        }
        return new AnthropicThinking(
                "enabled",
                budget,
                "",
                model.version() == 0 ? "" : display(thinking),
                true,
                false,
                limit);
    }

    static long capped(long tokens, AnthropicModel model) {
        return model.outputTokens() > 0 ? Math.min(tokens, model.outputTokens()) : tokens;
    }

    private static String display(Thinking thinking) {
        return thinking.shown().map(shown -> shown ? "summarized" : "omitted").orElse("");
    }

    private static boolean givesWay(Conversation conversation, AnthropicModel model) {
        return forced(conversation)
                || begun(conversation)
                || (model.wording() == AnthropicModel.Wording.BUDGET
                        && loopWithoutSeal(conversation.messages()));
    }

    static boolean forced(Conversation conversation) {
        return !conversation.tools().isEmpty()
                && (conversation.toolChoice() instanceof ToolChoice.Required
                        || conversation.toolChoice() instanceof ToolChoice.Named);
    }

    /** Whether the request begins the answer. */
    static boolean begun(Conversation conversation) {
        return !conversation.messages().isEmpty()
                && conversation.messages().getLast().role() == Message.Role.ASSISTANT;
    }

    /** Whether results of tools are told last, and the loop's first turn begins with no seal. */
    private static boolean loopWithoutSeal(List<Message> messages) {
        int first = -1;
        boolean results = false;
        for (int at = messages.size() - 1; at >= 0; at--) {
            boolean answer = messages.get(at).role() == Message.Role.ASSISTANT;
            if (answer && first != at + 1 && !results) {
                break;
            }
            if (answer) {
                first = at;
                results = false;
            } else {
                results |= tellsResults(messages.get(at));
            }
        }
        return first >= 0 && !sealed(messages.get(first).parts().getFirst());
    }

    private static boolean tellsResults(Message message) {
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult) {
                return true;
            }
        }
        return false;
    }

    private static boolean sealed(Part part) {
        return part instanceof Part.Reasoning reasoning
                && reasoning.seal().isPresent()
                && reasoning.seal().get().maker().equals(Format.ANTHROPIC_MESSAGES.label());
    }

    void write(ObjectNode body, Set<String> left) {
        if (!type.isEmpty()) {
            ObjectNode thinking = body.putObject("thinking").put("type", type);
            if (budget > 0) {
                thinking.put("budget_tokens", budget);
            }
            if (!display.isEmpty()) {
                thinking.put("display", display);
            }
        }
        if (!effort.isEmpty()) {
            body.withObjectProperty("output_config").put("effort", effort);
        }
        if (dropped) {
            left.add("reasoning_effort");
        }
    }
}

package dev.pointsman.wire;

import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a model that reasons before it answers is asked for the least of it. Limits count reasoning
 * tokens, so where reasoning cannot be switched off the limit is raised by an allowance; without it
 * a limit of 50 tokens would come back empty.
 *
 * <p>Sources: OpenAI's reasoning guide (none since GPT-5.1, minimal for GPT-5, low for the o
 * series, high alone for pro), Google's thinking guide (a budget of 0 for 2.5 Flash, at least 128
 * for 2.5 Pro, levels since Gemini 3). Anthropic's models reason only when asked.
 *
 * @param effort OpenAI's {@code reasoning_effort}
 * @param budget Gemini's {@code thinkingBudget}
 * @param level Gemini's {@code thinkingLevel}
 * @param allowance tokens to add to the limit
 */
record LeastReasoning(
        Optional<String> effort, Optional<Integer> budget, Optional<String> level, int allowance) {

    private static final int SOME = 1_024;
    private static final int MUCH = 8_192;
    private static final int PRO_BUDGET = 128;

    private static final LeastReasoning NOTHING =
            new LeastReasoning(Optional.empty(), Optional.empty(), Optional.empty(), 0);

    private static final Pattern O_SERIES = Pattern.compile("o\\d.*");
    private static final Pattern GPT_5 =
            Pattern.compile("gpt-5(-mini|-nano)?(-\\d{4}-\\d{2}-\\d{2})?");
    private static final Pattern LATER_GPT_5 =
            Pattern.compile("gpt-5\\.\\d+(-mini|-nano)?(-\\d{4}-\\d{2}-\\d{2})?");

    static LeastReasoning of(Model model) {
        if (!model.can(Ability.REASONING)) {
            return NOTHING;
        }
        String id = baseName(model);
        if (id.startsWith("gpt-5") || O_SERIES.matcher(id).matches()) {
            return openAi(id);
        }
        return id.startsWith("gemini") ? gemini(id) : NOTHING;
    }

    /**
     * Whether it is one of OpenAI's reasoning models, which name their limit {@code
     * max_completion_tokens} and take no stop texts.
     */
    static boolean isOpenAiReasoner(Model model) {
        String id = baseName(model);
        return model.can(Ability.REASONING)
                && (id.startsWith("gpt-5") || O_SERIES.matcher(id).matches());
    }

    private static String baseName(Model model) {
        String id = model.id().toLowerCase(Locale.ROOT);
        return id.substring(id.lastIndexOf('/') + 1);
    }

    private static LeastReasoning openAi(String id) {
        if (id.contains("-chat")) {
            return NOTHING;
        }
        if (LATER_GPT_5.matcher(id).matches()) {
            return effort("none", 0);
        }
        if (GPT_5.matcher(id).matches()) {
            return effort("minimal", 0);
        }
        return id.contains("-pro") ? effort("high", MUCH) : effort("low", SOME);
    }

    private static LeastReasoning gemini(String id) {
        if (id.startsWith("gemini-2.5-pro")) {
            return new LeastReasoning(
                    Optional.empty(), Optional.of(PRO_BUDGET), Optional.empty(), PRO_BUDGET);
        }
        if (id.startsWith("gemini-2.5") || id.startsWith("gemini-flash")) {
            return new LeastReasoning(Optional.empty(), Optional.of(0), Optional.empty(), 0);
        }
        String level = id.contains("pro") ? "low" : "minimal";
        return new LeastReasoning(Optional.empty(), Optional.empty(), Optional.of(level), SOME);
    }

    private static LeastReasoning effort(String effort, int allowance) {
        return new LeastReasoning(
                Optional.of(effort), Optional.empty(), Optional.empty(), allowance);
    }
}

package dev.pointsman.wire;

import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Thinking.Effort;

import java.util.Locale;

/**
 * What OpenAI's models call a level of reasoning. Source: OpenAI's reasoning guide: low to high for
 * the o series and open models, minimal for GPT-5 alone, none since GPT-5.1, xhigh since GPT-5.2
 * and for GPT-5.1-Codex-Max, no less than medium for pro.
 */
final class ResponsesEffort {

    private static final String GPT_5 = "gpt-5";

    private ResponsesEffort() {}

    /**
     * Whether reasoning is said to it at all.
     *
     * @param wanted whether the caller asks for some; a model nothing is known of is taken at that
     */
    static boolean reasons(Model model, boolean wanted) {
        if (!model.known()) {
            return wanted;
        }
        return model.can(Ability.REASONING) && !model.id().contains("-chat");
    }

    /** The level nearest to the one wanted. */
    static String word(Model model, Effort wanted) {
        String id = model.id().toLowerCase(Locale.ROOT);
        id = id.substring(id.lastIndexOf('/') + 1);
        boolean gpt = id.startsWith("gpt-") && !id.startsWith("gpt-oss");
        boolean first = id.equals(GPT_5) || id.startsWith(GPT_5 + "-");
        boolean codex = id.contains("-codex");
        boolean pro = id.contains("-pro");
        boolean high = first || id.startsWith(GPT_5 + ".1") && !id.contains("-max");
        Effort most = gpt && !high ? Effort.XHIGH : Effort.HIGH;
        Effort least = Effort.LOW;
        if (pro && gpt) {
            least = first ? Effort.HIGH : Effort.MEDIUM;
        } else if (gpt && !codex) {
            if (first) {
                least = Effort.MINIMAL;
            } else if (wanted == Effort.NONE) {
                least = Effort.NONE;
            }
        }
        Effort level = wanted.compareTo(least) < 0 ? least : wanted;
        level = level.compareTo(most) > 0 ? most : level;
        return level.name().toLowerCase(Locale.ROOT);
    }
}

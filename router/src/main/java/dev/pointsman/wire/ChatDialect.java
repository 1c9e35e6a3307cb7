package dev.pointsman.wire;

import dev.pointsman.core.Model;
import dev.pointsman.core.Thinking.Effort;

import java.util.Locale;
import java.util.Optional;

/**
 * In what the providers and models that are asked in the chat format differ.
 *
 * @param openAi whether it is OpenAI's own model
 * @param reasoner whether it is one of OpenAI's that reasons
 * @param mistral whether it is Mistral's: its ids of calls have nine letters or digits, no turn of
 *     the user follows a result, and the seed has another name
 * @param gemini whether it is Google's, which keeps the signatures of calls
 * @param wantsReasoning whether it wants its reasoning back between a call and its result, as
 *     DeepSeek and Moonshot do
 */
record ChatDialect(
        Model model,
        boolean openAi,
        boolean reasoner,
        boolean mistral,
        boolean gemini,
        boolean wantsReasoning) {

    private static final int LONGEST_ID = 40;
    private static final int MISTRAL_ID = 9;

    static ChatDialect of(Model model) {
        String id = OpenAi.name(model);
        return new ChatDialect(
                model,
                OpenAi.isOwn(model),
                LeastReasoning.isOpenAiReasoner(model),
                model.provider().equals("mistral") || id.contains("mistral"),
                id.startsWith("gemini"),
                id.startsWith("deepseek") || id.startsWith("kimi"));
    }

    /** What is sent for an effort; empty if the model is not known to take one. */
    Optional<String> effort(Effort wanted) {
        String id = OpenAi.name(model);
        if (reasoner) {
            return OpenAi.effort(model, wanted);
        }
        if (id.startsWith("gpt-oss") || gemini) {
            return Optional.of(
                    (switch (wanted) {
                                case NONE, MINIMAL -> Effort.LOW;
                                case XHIGH, MAX -> Effort.HIGH;
                                default -> wanted;
                            })
                            .name()
                            .toLowerCase(Locale.ROOT));
        }
        return Optional.empty();
    }

    /** An id of a call as the provider takes it; depends on the id alone. */
    String callId(String id) {
        if (mistral) {
            return id.length() == MISTRAL_ID && isPlain(id, false) ? id : "c" + ToolNames.mark(id);
        }
        return id.length() <= LONGEST_ID && !id.isEmpty() && isPlain(id, true)
                ? id
                : "call_" + ToolNames.mark(id);
    }

    private static boolean isPlain(String id, boolean lines) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean plain =
                    c >= 'a' && c <= 'z'
                            || c >= 'A' && c <= 'Z'
                            || c >= '0' && c <= '9'
                            || lines && (c == '_' || c == '-');
            if (!plain) {
                return false;
            }
        }
        return true;
    }
}

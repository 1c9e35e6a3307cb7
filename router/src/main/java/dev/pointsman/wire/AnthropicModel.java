package dev.pointsman.wire;

import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;

import java.util.Locale;

/**
 * What a model behind this format takes, by its generation. A model of Claude's whose name tells no
 * version counts as the newest.
 *
 * <p>Sources: Anthropic's pages on thinking, effort, mid-conversation system messages and what is
 * new in 4.6, 4.7, 4.8, 5 and 5.5.
 *
 * @param version hundreds of the major version plus the minor one, 405 for Claude 4.5; 0 for models
 *     of other makers
 * @param wording how the model's thinking is asked for
 * @param alwaysThinks whether its thinking cannot be switched off
 * @param samples whether it takes temperature, top_p and top_k
 * @param systemInside whether it takes system messages between the turns
 * @param outputTokens how many tokens it can answer with; 0 if unknown
 */
record AnthropicModel(
        int version,
        Wording wording,
        boolean alwaysThinks,
        boolean samples,
        boolean systemInside,
        long outputTokens) {

    /** How a model's thinking is asked for. */
    enum Wording {
        /** It has none. */
        NONE,
        /** By a budget of tokens. */
        BUDGET,
        /** By an effort. */
        EFFORT
    }

    private static final int FIRST_THINKING = 307;
    private static final int ONE_SAMPLER = 401;
    private static final int FIRST_EFFORT = 406;
    private static final int FIXED_SAMPLING = 407;
    private static final int SYSTEM_INSIDE = 408;
    private static final int THINKS_UNASKED = 500;
    private static final int FABLE_UNFORCED = 501;
    private static final int ALWAYS_THINKS = 505;
    private static final int NEWEST = 999;

    static AnthropicModel of(Model model) {
        String id = model.id().toLowerCase(Locale.ROOT);
        int name = id.indexOf("claude");
        int version = name < 0 ? 0 : version(id, name);
        boolean fable = name >= 0 && (id.contains("fable") || id.contains("mythos"));
        return new AnthropicModel(
                fable ? Math.max(version, THINKS_UNASKED) : version,
                wording(model, version),
                fable || (version >= ALWAYS_THINKS && version != NEWEST),
                !model.cannot(Ability.TEMPERATURE) && version < FIXED_SAMPLING && !fable,
                id.startsWith("claude-") && (version >= SYSTEM_INSIDE || fable),
                model.outputTokens());
    }

    private static Wording wording(Model model, int version) {
        if (model.cannot(Ability.REASONING) || (version > 0 && version < FIRST_THINKING)) {
            return Wording.NONE;
        }
        return version < FIRST_EFFORT ? Wording.BUDGET : Wording.EFFORT;
    }

    /** Whether it thinks without being asked to. */
    boolean thinksUnasked() {
        return version >= THINKS_UNASKED;
    }

    /** Whether it can be made to ask for a tool. */
    boolean takesForce() {
        return !alwaysThinks || version < FABLE_UNFORCED;
    }

    /** Whether it goes on with an answer that the request begins. */
    boolean goesOn() {
        return version < FIRST_EFFORT;
    }

    /** Whether it takes a temperature or a top_p, not both. */
    boolean takesOneSampler() {
        return version >= ONE_SAMPLER;
    }

    boolean takesXhigh() {
        return version >= FIXED_SAMPLING;
    }

    /**
     * The first number of at most two digits after the name and the one that follows it directly: a
     * longer one is a date.
     */
    private static int version(String id, int name) {
        for (int at = name; at < id.length(); at++) {
            if (isDigit(id, at) && !isDigit(id, at - 1)) {
                int end = digits(id, at);
                if (end - at <= 2) {
                    return 100 * number(id, at, end) + minor(id, end);
                }
            }
        }
        return NEWEST;
    }

    private static int minor(String id, int point) {
        boolean joined =
                point < id.length() && (id.charAt(point) == '-' || id.charAt(point) == '.');
        int end = joined ? digits(id, point + 1) : point;
        int length = end - point - 1;
        return joined && length > 0 && length <= 2 ? number(id, point + 1, end) : 0;
    }

    private static boolean isDigit(String text, int at) {
        return text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private static int digits(String text, int from) {
        int end = from;
        while (end < text.length() && isDigit(text, end)) {
            end++;
        }
        return end;
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}

package dev.pointsman.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Thinking;
import dev.pointsman.core.Thinking.Effort;

import java.util.Locale;
import java.util.Set;

/**
 * What a model takes by its generation, which its name tells: files by address since 2.5, images in
 * tool results, schemas of answers beside tools, levels of thinking and signatures that must not
 * miss since 3.
 *
 * <p>Sources: Google's guides to thinking, thought signatures, function calling and file input.
 *
 * @param name without what stands before its last slash, in lower case
 * @param tenths ten times its generation; 0 if the name tells none
 */
record GeminiGeneration(String name, int tenths) {

    private static final String FAMILY = "gemini-";
    private static final int ADDRESSES = 25;
    private static final int THIRD = 30;
    private static final int PRO_LEAST = 128;
    private static final int LITE_LEAST = 512;
    private static final int PRO_MOST = 32_768;
    private static final int FLASH_MOST = 24_576;

    static GeminiGeneration of(Model model) {
        String id = model.id().toLowerCase(Locale.ROOT);
        String name = id.substring(id.lastIndexOf('/') + 1);
        if (!name.startsWith(FAMILY)) {
            return new GeminiGeneration(name, 0);
        }
        if (name.endsWith("-latest") && digit(name, FAMILY.length()) < 0) {
            return new GeminiGeneration(name, THIRD);
        }
        return new GeminiGeneration(name, tenths(name));
    }

    private static int tenths(String name) {
        int at = FAMILY.length();
        int whole = Math.max(0, digit(name, at));
        boolean point = at + 1 < name.length() && name.charAt(at + 1) == '.';
        return 10 * whole + (point ? Math.max(0, digit(name, at + 2)) : 0);
    }

    private static int digit(String name, int at) {
        return at < name.length() ? Character.digit(name.charAt(at), 10) : -1;
    }

    boolean isOld() {
        return tenths > 0 && tenths < THIRD;
    }

    boolean isThird() {
        return tenths >= THIRD;
    }

    boolean readsAddresses() {
        return tenths == 0 || tenths >= ADDRESSES;
    }

    /** Writes how much the model is to think. */
    static void write(Thinking thinking, Model model, ObjectNode config, Set<String> dropped) {
        if (thinking.least()) {
            LeastReasoning least = LeastReasoning.of(model);
            ObjectNode json = Json.object();
            least.budget().ifPresent(budget -> json.put("thinkingBudget", budget));
            least.level().ifPresent(level -> json.put("thinkingLevel", level));
            put(json, config);
            return;
        }
        if (model.cannot(Ability.REASONING)) {
            if (thinking.level().filter(level -> level != Effort.NONE).isPresent()) {
                dropped.add("reasoning effort");
            }
            return;
        }
        GeminiGeneration generation = of(model);
        ObjectNode json = Json.object();
        if (generation.hasLevels()) {
            thinking.level().ifPresent(level -> json.put("thinkingLevel", generation.level(level)));
        } else {
            thinking.tokens()
                    .ifPresent(tokens -> json.put("thinkingBudget", generation.budget(tokens)));
        }
        thinking.shown().ifPresent(shown -> json.put("includeThoughts", shown));
        put(json, config);
    }

    private static void put(ObjectNode json, ObjectNode config) {
        if (!json.isEmpty()) {
            config.set("thinkingConfig", json);
        }
    }

    /** Names such as {@code gemini-flash-latest} are asked by budget, which every one takes. */
    private boolean hasLevels() {
        return isThird() && !name.endsWith("-latest");
    }

    private String level(Effort effort) {
        boolean pro = name.contains("pro");
        return switch (effort) {
            case NONE, MINIMAL -> pro ? "low" : "minimal";
            case LOW -> "low";
            case MEDIUM -> name.startsWith("gemini-3-pro") ? "high" : "medium";
            case HIGH, XHIGH, MAX -> "high";
        };
    }

    private int budget(int tokens) {
        if (name.contains("pro")) {
            return Math.clamp(tokens, PRO_LEAST, PRO_MOST);
        }
        if (tokens <= 0) {
            return 0;
        }
        int least = name.contains("lite") ? LITE_LEAST : 1;
        return Math.clamp(tokens, least, FLASH_MOST);
    }
}

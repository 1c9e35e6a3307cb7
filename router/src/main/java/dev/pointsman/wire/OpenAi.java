package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Image;
import dev.pointsman.core.Model;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Thinking.Effort;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What OpenAI's two formats share: keys, images, efforts, and the rules of strict schemas. */
final class OpenAi {

    private OpenAi() {}

    static Map<String, String> bearer(Secret key) {
        return Map.of("authorization", "Bearer " + key.reveal());
    }

    static String imageUrl(Image image) {
        return switch (image) {
            case Image.Data data -> "data:" + data.mediaType() + ";base64," + data.base64();
            case Image.Url url -> url.url();
        };
    }

    /**
     * What a reasoning model of OpenAI's calls an effort, the nearest that it takes; empty if it is
     * none or takes none.
     */
    static Optional<String> effort(Model model, Effort wanted) {
        String id = name(model);
        if (!LeastReasoning.isOpenAiReasoner(model) || id.contains("-chat")) {
            return Optional.empty();
        }
        String least = LeastReasoning.of(model).effort().orElse("low");
        Effort from = Effort.valueOf(least.toUpperCase(Locale.ROOT));
        Effort to = hasMoreThanHigh(id) ? Effort.XHIGH : Effort.HIGH;
        Effort effort = wanted.compareTo(from) < 0 ? from : wanted;
        effort = effort.compareTo(to) > 0 ? to : effort;
        if (effort == Effort.MINIMAL && from != Effort.MINIMAL) {
            effort = Effort.LOW;
        }
        return Optional.of(effort.name().toLowerCase(Locale.ROOT));
    }

    /** {@code xhigh} came with GPT-5.1 Codex Max and is in all since GPT-5.2. */
    private static boolean hasMoreThanHigh(String id) {
        return id.startsWith("gpt-5.") && !id.startsWith("gpt-5.1") || id.contains("codex-max");
    }

    /** Whether it is a model of OpenAI's own. */
    static boolean isOwn(Model model) {
        String id = name(model);
        return id.startsWith("gpt-") && !id.startsWith("gpt-oss")
                || LeastReasoning.isOpenAiReasoner(model);
    }

    /** The model's name without that of its maker before it. */
    static String name(Model model) {
        String id = model.id().toLowerCase(Locale.ROOT);
        return id.substring(id.lastIndexOf('/') + 1);
    }

    /**
     * Whether OpenAI takes a schema as strict: each object must require all its properties and
     * allow no others.
     */
    static boolean canBeStrict(JsonNode schema) {
        JsonNode properties = schema.path("properties");
        if (properties.isObject()) {
            Set<String> required = new HashSet<>();
            schema.path("required").forEach(name -> required.add(name.asText()));
            JsonNode others = schema.path("additionalProperties");
            if (!others.isBoolean() || others.booleanValue()) {
                return false;
            }
            for (Map.Entry<String, JsonNode> property : properties.properties()) {
                if (!required.contains(property.getKey())) {
                    return false;
                }
            }
        }
        for (JsonNode child : schema) {
            if (child.isContainerNode() && !canBeStrict(child)) {
                return false;
            }
        }
        return true;
    }
}

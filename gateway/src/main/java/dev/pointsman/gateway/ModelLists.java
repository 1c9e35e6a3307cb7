package dev.pointsman.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Model;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Provider;
import dev.pointsman.wire.Format;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The models that can be asked for, in the shapes in which clients list them: what is chosen for
 * them, aliases, and the catalogue's models of every provider that speaks the caller's format and
 * has its key. Immutable.
 */
final class ModelLists {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OWNER = "pointsman";

    /** When a list is asked for that has no such date, clients still expect one. */
    private static final String NO_DATE = "1970-01-01T00:00:00Z";

    private final Policy policy;
    private final boolean practice;

    ModelLists(Policy policy, boolean practice) {
        this.policy = policy;
        this.practice = practice;
    }

    /** All models that may be asked for, as a format's clients expect them. */
    byte[] all(Format format, Allowed allowed) {
        Map<String, Optional<Model>> models = models(format, allowed);
        ObjectNode list = JSON.createObjectNode();
        ArrayNode items = list.putArray(format == Format.GEMINI ? "models" : "data");
        models.forEach((name, model) -> items.add(item(format, name, model)));
        if (format == Format.ANTHROPIC_MESSAGES) {
            List<String> names = List.copyOf(models.keySet());
            list.put("has_more", false)
                    .put("first_id", names.getFirst())
                    .put("last_id", names.getLast());
        } else if (format != Format.GEMINI) {
            list.put("object", "list");
        }
        return bytes(list);
    }

    /** One model; empty if there is none of that name, or it may not be asked for. */
    Optional<byte[]> one(Format format, String name, Allowed allowed) {
        Map<String, Optional<Model>> models = models(format, allowed);
        return models.containsKey(name)
                ? Optional.of(bytes(item(format, name, models.get(name))))
                : Optional.empty();
    }

    /** By name; without a model where the name only leads to one. */
    private Map<String, Optional<Model>> models(Format format, Allowed allowed) {
        Map<String, Optional<Model>> models = new LinkedHashMap<>();
        models.put(ModelChoice.AUTO, Optional.empty());
        policy.categories().keySet().stream()
                .filter(allowed::anyOf)
                .forEach(name -> models.put(ModelChoice.AUTO + "/" + name, Optional.empty()));
        policy.aliases().keySet().stream()
                .filter(alias -> reaches(policy.deployment(alias), format, allowed))
                .forEach(alias -> models.put(alias, Optional.of(policy.model(alias))));
        policy.pools().keySet().stream()
                .filter(pool ->
                        policy.deployments(pool).stream()
                                .anyMatch(place -> reaches(place, format, allowed)))
                .forEach(pool ->
                        models.put(pool, Optional.of(policy.deployments(pool).getFirst().model())));
        for (Provider provider : policy.providers().values()) {
            if (reaches(provider, format)) {
                Stream.concat(
                                policy.catalog().ids(provider.catalog()).stream(),
                                provider.faultNames().stream())
                        .map(id -> policy.deployment(provider, id).model())
                        .filter(model -> allowed.model(model.ref()))
                        .forEach(model -> models.put(model.ref(), Optional.of(model)));
            }
        }
        return models;
    }

    private boolean reaches(Deployment place, Format format, Allowed allowed) {
        return allowed.model(place) && reaches(place.provider(), format);
    }

    private boolean reaches(Provider provider, Format format) {
        boolean speaks =
                provider.speaks(format)
                        || (format == Format.OPENAI_CHAT
                                && provider.speaks(Format.OPENAI_RESPONSES));
        return speaks && (practice || provider.unavailable().isEmpty());
    }

    private static ObjectNode item(Format format, String name, Optional<Model> model) {
        ObjectNode item = JSON.createObjectNode();
        switch (format) {
            case ANTHROPIC_MESSAGES ->
                    item.put("type", "model")
                            .put("id", name)
                            .put("display_name", name)
                            .put("created_at", NO_DATE);
            case OPENAI_CHAT, OPENAI_RESPONSES ->
                    item.put("id", name)
                            .put("object", "model")
                            .put("created", 0)
                            .put("owned_by", model.map(Model::provider).orElse(OWNER));
            case GEMINI -> {
                item.put("name", "models/" + name).put("displayName", name).put("version", "");
                model.filter(known -> known.contextTokens() > 0)
                        .ifPresent(known -> item.put("inputTokenLimit", known.contextTokens()));
                model.filter(known -> known.outputTokens() > 0)
                        .ifPresent(known -> item.put("outputTokenLimit", known.outputTokens()));
                item.putArray("supportedGenerationMethods")
                        .add("generateContent")
                        .add("countTokens");
            }
        }
        return item;
    }

    private static byte[] bytes(ObjectNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree can always be written", e);
        }
    }
}

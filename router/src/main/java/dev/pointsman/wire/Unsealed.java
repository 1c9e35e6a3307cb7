package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A request that goes to a provider of its own format after another provider answered in between:
 * what {@link Seals} put into it for that other one is taken out, for it means nothing here and
 * would be refused.
 */
public final class Unsealed {

    private static final byte[] WRAPPED = Seals.MARK.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WRAPPED_IN_BASE64 =
            Base64.getEncoder()
                    .encode(Seals.MARK.substring(0, 9).getBytes(StandardCharsets.US_ASCII));
    private static final byte[] IN_ID = Seals.IN_ID.getBytes(StandardCharsets.US_ASCII);

    private static final Set<String> IDS = Set.of("id", "tool_use_id", "call_id", "tool_call_id");

    private Unsealed() {}

    /**
     * The request without what is not its provider's; empty if there is nothing to take out.
     *
     * @param model the one that is asked
     * @param body a JSON object
     */
    public static Optional<byte[]> of(Format format, Model model, byte[] body) {
        if (!isMarked(body)) {
            return Optional.empty();
        }
        try {
            JsonNode tree = Json.read(body);
            boolean mustSign = format == Format.GEMINI && GeminiGeneration.of(model).isThird();
            return new Walk(format, mustSign).clean(tree)
                    ? Optional.of(Json.bytes(tree))
                    : Optional.empty();
        } catch (IOException e) {
            // It was read leniently before, and goes on as it is.
            return Optional.empty();
        }
    }

    private static boolean isMarked(byte[] body) {
        for (int i = 0; i < body.length - IN_ID.length; i++) {
            byte b = body[i];
            if (b == IN_ID[0] && at(body, i, IN_ID)
                    || b == WRAPPED[0] && at(body, i, WRAPPED)
                    || b == WRAPPED_IN_BASE64[0] && at(body, i, WRAPPED_IN_BASE64)) {
                return true;
            }
        }
        return false;
    }

    private static boolean at(byte[] body, int index, byte[] mark) {
        if (index + mark.length > body.length) {
            return false;
        }
        for (int i = 1; i < mark.length; i++) {
            if (body[index + i] != mark[i]) {
                return false;
            }
        }
        return true;
    }

    /** One walk over a request; says whether anything was changed. */
    private record Walk(Format format, boolean mustSign) {

        boolean clean(JsonNode node) {
            boolean changed = false;
            if (node instanceof ObjectNode object) {
                changed = cleanFields(object);
            }
            if (node instanceof ArrayNode array) {
                changed = removeForeign(array);
            }
            for (JsonNode child : node) {
                changed |= clean(child);
            }
            return changed;
        }

        private boolean cleanFields(ObjectNode object) {
            boolean changed = false;
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                JsonNode value = object.path(name);
                if (!value.isTextual()) {
                    continue;
                }
                if (IDS.contains(name) && Seals.id(value.textValue()).seal().isPresent()) {
                    object.put(name, Seals.id(value.textValue()).id());
                    changed = true;
                } else if (isSignature(name) && isForeignSignature(value.textValue())) {
                    unsign(object, name);
                    changed = true;
                }
            }
            return changed;
        }

        /** A call that must be signed is said to be another provider's. */
        private void unsign(ObjectNode object, String name) {
            boolean call = object.has("functionCall") || object.has("function_call");
            if (call && mustSign) {
                object.put(name, Gemini.NO_SIGNATURE);
            } else {
                object.remove(name);
            }
        }

        private static boolean isSignature(String name) {
            return name.equals("thoughtSignature") || name.equals("thought_signature");
        }

        private static boolean isForeignSignature(String signature) {
            try {
                String text =
                        new String(
                                Base64.getDecoder().decode(signature), StandardCharsets.US_ASCII);
                return Seals.unwrapped(text).isPresent();
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        /** Whole blocks that are nothing but another provider's reasoning, and messages of such. */
        private boolean removeForeign(ArrayNode array) {
            boolean changed = false;
            for (Iterator<JsonNode> each = array.elements(); each.hasNext(); ) {
                if (isForeign(each.next()) && array.size() > 1) {
                    each.remove();
                    changed = true;
                }
            }
            return changed;
        }

        private boolean isForeign(JsonNode item) {
            if (format == Format.GEMINI) {
                return false;
            }
            String place =
                    switch (item.path("type").asText()) {
                        case "thinking" -> "signature";
                        case "redacted_thinking" -> "data";
                        case "reasoning" -> "encrypted_content";
                        default -> "";
                    };
            return place.isEmpty()
                    ? isOfForeign(item.path("content"))
                    : Seals.unwrapped(item.path(place).asText()).isPresent();
        }

        private boolean isOfForeign(JsonNode content) {
            boolean foreign = content.isArray() && !content.isEmpty();
            for (JsonNode block : content) {
                foreign &= isForeign(block);
            }
            return foreign;
        }
    }
}

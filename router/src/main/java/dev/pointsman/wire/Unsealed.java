package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Failure;
import dev.pointsman.core.Model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A request without sealed reasoning that its provider could not verify, and would refuse.
 *
 * @param body the request as it is to be sent
 * @param dropped names what is left out
 */
public record Unsealed(byte[] body, List<String> dropped) {

    private static final String FOREIGN = "reasoning of another provider";

    private static final List<byte[]> MARKS =
            List.of(
                    Seals.IN_ID.getBytes(StandardCharsets.US_ASCII),
                    Seals.MARK.getBytes(StandardCharsets.US_ASCII),
                    Base64.getEncoder()
                            .encode(
                                    Seals.MARK
                                            .substring(0, 9)
                                            .getBytes(StandardCharsets.US_ASCII)));

    /** So many bytes of each mark are looked for: no mark is shorter. */
    private static final int LOOKED_AT = 8;

    private static final byte[] ONWARD = onward();

    private static final Set<String> IDS = Set.of("id", "tool_use_id", "call_id", "tool_call_id");

    /** How providers say that they cannot take the reasoning of the turns before. */
    private static final Pattern REFUSED =
            Pattern.compile(
                    "(invalid|corrupted|missing).{0,20}signature|signature is (not valid|invalid)"
                            + "|encrypted.content|expected `thinking`|`thinking` or"
                            + " `redacted_thinking` blocks|bound to a different"
                            + "|without its required.*item",
                    Pattern.CASE_INSENSITIVE);

    public Unsealed {
        dropped = List.copyOf(dropped);
    }

    /**
     * A request that goes to a provider of its own format after another provider answered in
     * between: what {@link Seals} put into it for that other one is taken out. Empty if there is
     * nothing to take out.
     *
     * @param model the one that is asked
     * @param body a JSON object
     */
    public static Optional<Unsealed> of(Format format, Model model, byte[] body) {
        return isMarked(body) ? cleaned(format, model, body, false) : Optional.empty();
    }

    /**
     * The request without any sealed reasoning at all, for a provider that has refused some: whose
     * it is cannot be told where all who answered speak the same format. Empty if there is none.
     *
     * @param model the one that is asked
     * @param body a JSON object
     */
    public static Optional<Unsealed> bare(Format format, Model model, byte[] body) {
        return cleaned(format, model, body, true);
    }

    /** Whether a provider refuses the sealed reasoning in a request, or the lack of it. */
    public static boolean isRefused(Failure failure) {
        return failure instanceof Failure.BadRequest && REFUSED.matcher(failure.message()).find();
    }

    private static Optional<Unsealed> cleaned(
            Format format, Model model, byte[] body, boolean all) {
        try {
            JsonNode tree = Json.read(body);
            boolean mustSign = format == Format.GEMINI && GeminiGeneration.of(model).isThird();
            Set<String> dropped = new LinkedHashSet<>();
            boolean changed = new Walk(format, mustSign, all, dropped).clean(tree);
            if ((changed || all) && format == Format.ANTHROPIC_MESSAGES) {
                changed |= AnthropicLoop.withoutThinking(tree, dropped);
            }
            return changed
                    ? Optional.of(new Unsealed(Json.bytes(tree), List.copyOf(dropped)))
                    : Optional.empty();
        } catch (IOException e) {
            // It was read leniently before, and goes on as it is.
            return Optional.empty();
        }
    }

    private static boolean isMarked(byte[] body) {
        int last = LOOKED_AT - 1;
        while (last < body.length) {
            int onward = ONWARD[body[last] & 0xFF];
            if (onward == 0 && isMarked(body, last + 1 - LOOKED_AT)) {
                return true;
            }
            last += Math.max(1, onward);
        }
        return false;
    }

    private static boolean isMarked(byte[] body, int at) {
        for (byte[] mark : MARKS) {
            int end = Math.min(body.length, at + mark.length);
            if (Arrays.equals(body, at, end, mark, 0, mark.length)) {
                return true;
            }
        }
        return false;
    }

    /** For each byte, how far it is at least from the end of a mark's beginning. */
    private static byte[] onward() {
        byte[] onward = new byte[1 << Byte.SIZE];
        Arrays.fill(onward, (byte) LOOKED_AT);
        for (byte[] mark : MARKS) {
            for (int i = 0; i < LOOKED_AT; i++) {
                int b = mark[i] & 0xFF;
                onward[b] = (byte) Math.min(onward[b], LOOKED_AT - 1 - i);
            }
        }
        return onward;
    }

    /**
     * One walk over a request; says whether anything was changed.
     *
     * @param all whether the provider's own seals are taken out too
     */
    private record Walk(Format format, boolean mustSign, boolean all, Set<String> dropped) {

        boolean clean(JsonNode node) {
            boolean changed = false;
            if (node instanceof ObjectNode object) {
                changed = cleanFields(object);
            }
            if (node instanceof ArrayNode array) {
                changed = removeForeign(array) | signFirst(array);
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
                } else if (isBound(object, name)) {
                    object.remove(name);
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
            dropped.add(FOREIGN);
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

        /** An id by which OpenAI would look for the reasoning that stood before the item. */
        private boolean isBound(ObjectNode object, String name) {
            return all
                    && format == Format.OPENAI_RESPONSES
                    && name.equals("id")
                    && object.path("type").asText().endsWith("_call");
        }

        /** The first call of a step must be signed, were it by the word that says it cannot. */
        private boolean signFirst(ArrayNode parts) {
            for (JsonNode part : parts) {
                if (mustSign && part instanceof ObjectNode call && call.has("functionCall")) {
                    boolean bare = !call.has("thoughtSignature");
                    if (bare) {
                        call.put("thoughtSignature", Gemini.NO_SIGNATURE);
                    }
                    return bare;
                }
            }
            return false;
        }

        private boolean isForeignSignature(String signature) {
            if (all) {
                return !signature.equals(Gemini.NO_SIGNATURE);
            }
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
                    dropped.add(FOREIGN);
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
                    : all || Seals.unwrapped(item.path(place).asText()).isPresent();
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

package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Seal;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the readers and writers of Gemini's format share: the two spellings of names, signatures,
 * the ids of calls, and what kind of file a name tells of.
 */
final class Gemini {

    /** What Google takes in place of the signature of a call that no Gemini made. */
    static final String NO_SIGNATURE = "skip_thought_signature_validator";

    private static final String OTHER_NO_SIGNATURE = "context_engineering_is_the_way_to_go";

    /** How the base64 of a wrapped seal begins. */
    private static final String WRAPPED = "cG9pbnRzbWFuL";

    private static final long HASH_START = 0xcbf29ce484222325L;
    private static final long HASH_STEP = 0x100000001b3L;
    private static final int ID_DIGITS = 12;

    private static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("png", "image/png"),
                    Map.entry("jpg", "image/jpeg"),
                    Map.entry("jpeg", "image/jpeg"),
                    Map.entry("webp", "image/webp"),
                    Map.entry("gif", "image/gif"),
                    Map.entry("heic", "image/heic"),
                    Map.entry("heif", "image/heif"),
                    Map.entry("pdf", "application/pdf"),
                    Map.entry("txt", "text/plain"),
                    Map.entry("md", "text/markdown"),
                    Map.entry("csv", "text/csv"),
                    Map.entry("html", "text/html"),
                    Map.entry("xml", "text/xml"),
                    Map.entry("json", "application/json"),
                    Map.entry("mp3", "audio/mp3"),
                    Map.entry("wav", "audio/wav"),
                    Map.entry("mp4", "video/mp4"));

    private Gemini() {}

    /** A name as Google writes it; callers may also write it with underscores. */
    static String camel(String name) {
        int mark = name.indexOf('_');
        if (mark < 0) {
            return name;
        }
        StringBuilder camel = new StringBuilder(name.length());
        boolean up = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_') {
                up = !camel.isEmpty();
            } else {
                camel.append(up ? Character.toUpperCase(c) : c);
                up = false;
            }
        }
        return camel.toString();
    }

    /** A list's elements; where Google takes a single one for a list of one, that. */
    static Iterable<JsonNode> each(JsonNode list) {
        return list.isObject() ? List.of(list) : list;
    }

    /** Whether a field says as much as its absence. */
    static boolean isEmpty(JsonNode value) {
        return value.isNull()
                || value.isMissingNode()
                || value.isContainerNode() && value.isEmpty()
                || value.isTextual() && value.textValue().isEmpty();
    }

    /** What came in the place of a signature; empty if it only stands for one. */
    static Optional<Seal> seal(String signature) {
        if (signature.isEmpty()
                || signature.equals(NO_SIGNATURE)
                || signature.equals(OTHER_NO_SIGNATURE)) {
            return Optional.empty();
        }
        return foreign(signature).or(() -> Optional.of(new Seal(Format.GEMINI.label(), signature)));
    }

    private static Optional<Seal> foreign(String signature) {
        if (!signature.startsWith(WRAPPED)) {
            return Optional.empty();
        }
        try {
            byte[] text = Base64.getDecoder().decode(signature);
            return Seals.unwrapped(new String(text, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What stands in the place of a signature, which is base64. */
    static String signature(Seal seal) {
        return isOwn(seal)
                ? seal.value()
                : Base64.getEncoder()
                        .encodeToString(Seals.wrapped(seal).getBytes(StandardCharsets.US_ASCII));
    }

    static boolean isOwn(Seal seal) {
        return seal.maker().equals(Format.GEMINI.label());
    }

    /** An id for a call that came without one: the same call at the same place gets the same. */
    static String callId(String name, String arguments, String place) {
        long hash = mixed(mixed(mixed(HASH_START, name), arguments), place);
        hash = (hash ^ hash >>> 32) * HASH_STEP;
        return "call_" + HexFormat.of().toHexDigits(hash ^ hash >>> 29, ID_DIGITS);
    }

    private static long mixed(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * HASH_STEP;
        }
        return (hash ^ text.length()) * HASH_STEP;
    }

    /** The media type that the end of a file's name or address tells; empty if it tells none. */
    static String mediaType(String name) {
        int end = name.length();
        for (char mark : new char[] {'?', '#'}) {
            int at = name.indexOf(mark);
            end = at < 0 ? end : Math.min(end, at);
        }
        int point = name.lastIndexOf('.', end - 1);
        return point < 0
                ? ""
                : TYPES.getOrDefault(name.substring(point + 1, end).toLowerCase(Locale.ROOT), "");
    }
}

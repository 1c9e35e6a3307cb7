package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Citation;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Citations as Gemini tells them: pages found, and which bytes of the text rest on which of them.
 * Streams tell them more than once; each is handed on once. Has state; reads one answer.
 */
final class GeminiCitations {

    private final Set<Citation> told = new HashSet<>();
    private final Map<String, Citation> unplaced = new LinkedHashMap<>();
    private final Set<String> placed = new HashSet<>();

    /**
     * Reads a candidate's.
     *
     * @param text all the text so far
     * @param before how much of it came before this candidate's parts
     */
    void read(JsonNode candidate, CharSequence text, int before, Consumer<AnswerEvent> out) {
        JsonNode grounding = candidate.path("groundingMetadata");
        if (grounding.isObject()) {
            grounding(grounding, candidate.path("content").path("parts"), text, before, out);
        }
        JsonNode cited = candidate.path("citationMetadata");
        if (cited.isObject()) {
            recited(cited.path("citations"), text, out);
            recited(cited.path("citationSources"), text, out);
        }
    }

    private void grounding(
            JsonNode grounding,
            JsonNode parts,
            CharSequence text,
            int before,
            Consumer<AnswerEvent> out) {
        JsonNode chunks = grounding.path("groundingChunks");
        for (JsonNode chunk : chunks) {
            page(chunk).ifPresent(page -> unplaced.putIfAbsent(page.url(), page));
        }
        for (JsonNode support : grounding.path("groundingSupports")) {
            JsonNode segment = support.path("segment");
            int base = start(parts, segment.path("partIndex").asInt(), before);
            int from = place(text, base, segment.path("startIndex").asInt());
            int to = place(text, base, segment.path("endIndex").asInt());
            for (JsonNode index : support.path("groundingChunkIndices")) {
                page(chunks.path(index.asInt())).ifPresent(page -> tell(at(page, from, to), out));
            }
        }
    }

    private static Optional<Citation> page(JsonNode chunk) {
        for (String kind : List.of("web", "retrievedContext", "maps")) {
            JsonNode page = chunk.path(kind);
            if (page.path("uri").isTextual()) {
                Optional<String> quote =
                        kind.equals("retrievedContext")
                                ? text(page.path("text"))
                                : Optional.empty();
                return Optional.of(citation(page, quote, OptionalInt.empty(), OptionalInt.empty()));
            }
        }
        return Optional.empty();
    }

    private static Citation citation(
            JsonNode page, Optional<String> quote, OptionalInt from, OptionalInt to) {
        return new Citation(page.path("uri").asText(), text(page.path("title")), quote, from, to);
    }

    private static Citation at(Citation page, int from, int to) {
        return new Citation(
                page.url(), page.title(), page.quote(), OptionalInt.of(from), OptionalInt.of(to));
    }

    private static Optional<String> text(JsonNode said) {
        return said.isTextual() && !said.textValue().isEmpty()
                ? Optional.of(said.textValue())
                : Optional.empty();
    }

    private void recited(JsonNode list, CharSequence text, Consumer<AnswerEvent> out) {
        for (JsonNode source : list) {
            if (source.path("uri").isTextual()) {
                int from = place(text, 0, source.path("startIndex").asInt());
                int to = place(text, 0, source.path("endIndex").asInt());
                tell(
                        citation(
                                source, Optional.empty(), OptionalInt.of(from), OptionalInt.of(to)),
                        out);
            }
        }
    }

    private void tell(Citation citation, Consumer<AnswerEvent> out) {
        placed.add(citation.url());
        if (told.add(citation)) {
            out.accept(new AnswerEvent.Cited(citation));
        }
    }

    /** The answer is complete: hands on the pages that no piece of the text names. */
    void rest(Consumer<AnswerEvent> out) {
        for (Citation page : unplaced.values()) {
            if (!placed.contains(page.url())) {
                tell(page, out);
            }
        }
    }

    /** Where a part begins; places in a stream count from the answer's begin. */
    private static int start(JsonNode parts, int part, int before) {
        if (part <= 0) {
            return 0;
        }
        int start = before;
        for (int i = 0; i < part && i < parts.size(); i++) {
            JsonNode one = parts.path(i);
            start += one.path("thought").asBoolean() ? 0 : one.path("text").asText("").length();
        }
        return start;
    }

    /** The character at which a byte of the text in UTF-8 stands. */
    private static int place(CharSequence text, int base, int bytes) {
        int at = Math.min(base, text.length());
        int left = bytes;
        while (left > 0 && at < text.length()) {
            left -= width(text.charAt(at));
            at++;
        }
        return at;
    }

    /** The byte at which a character of the text stands. */
    private static int bytes(CharSequence text, int place) {
        int bytes = 0;
        for (int i = 0; i < place && i < text.length(); i++) {
            bytes += width(text.charAt(i));
        }
        return bytes;
    }

    /** Halves of a pair take two bytes each. */
    private static int width(char c) {
        if (c < 0x80) {
            return 1;
        }
        return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }

    /** What a candidate says of them. */
    static ObjectNode write(List<Citation> citations, CharSequence text) {
        ObjectNode grounding = Json.object();
        ArrayNode chunks = grounding.putArray("groundingChunks");
        ArrayNode supports = grounding.putArray("groundingSupports");
        Map<String, Integer> pages = new LinkedHashMap<>();
        for (Citation citation : citations) {
            int page = pages.computeIfAbsent(citation.url(), url -> chunk(citation, chunks));
            if (citation.from().isPresent() && citation.to().isPresent()) {
                ObjectNode support = supports.addObject();
                segment(
                        citation.from().getAsInt(),
                        citation.to().getAsInt(),
                        text,
                        support.putObject("segment"));
                support.putArray("groundingChunkIndices").add(page);
            }
        }
        return grounding;
    }

    private static int chunk(Citation citation, ArrayNode chunks) {
        ObjectNode web = chunks.addObject().putObject("web").put("uri", citation.url());
        citation.title().ifPresent(title -> web.put("title", title));
        return chunks.size() - 1;
    }

    private static void segment(int from, int to, CharSequence text, ObjectNode segment) {
        int begin = Math.clamp(from, 0, text.length());
        int end = Math.clamp(to, begin, text.length());
        segment.put("startIndex", bytes(text, begin))
                .put("endIndex", bytes(text, end))
                .put("text", text.subSequence(begin, end).toString());
    }
}

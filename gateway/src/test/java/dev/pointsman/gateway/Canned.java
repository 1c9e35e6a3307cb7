package dev.pointsman.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;

import dev.pointsman.testing.Reaction;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * What providers answer, shaped as their references show it: {@code canned/FORMAT/NAME.json} whole,
 * {@code canned/FORMAT/NAME.sse} as a stream of the same content.
 */
final class Canned {

    /** The text of every answer called {@code text}: combining, joined, astral, right to left. */
    static final String TEXT =
            "Grüße \uD83D\uDC69\u200D\uD83D\uDE80 — \uD835\uDD18 e\u0301\u0302 漢字"
                    + " \u200F\u0634\u0643\u0631\u0627\u200E \uD83C\uDDEA\uD83C\uDDFA";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Canned() {}

    static Reaction.Sends body(String name) {
        return Reaction.sends(200, read(name + ".json"));
    }

    static JsonNode json(String name) {
        return parsed(read(name + ".json"));
    }

    static JsonNode parsed(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** The parts of all the chunks of a stream of Gemini's. */
    static JsonNode streamedParts(String name) {
        ArrayNode parts = MAPPER.createArrayNode();
        for (String event : events(name)) {
            JsonNode chunk = parsed(event.substring("data: ".length()));
            parts.add(chunk.at("/candidates/0/content/parts/0"));
        }
        return parts;
    }

    /** Event by event; lines of Gemini's streams end in CRLF. */
    static Reaction.Streams stream(String name) {
        return Reaction.streams(name.startsWith("gemini/") ? crlf(events(name)) : events(name));
    }

    /** An event alone. */
    static String event(String name) {
        return read(name + ".sse");
    }

    /** With comments between the events and CRLF at the end of lines. */
    static Reaction.Streams commentedStream(String name) {
        List<String> commented =
                events(name).stream().map(event -> ": still here\n\n" + event).toList();
        return Reaction.streams(crlf(commented));
    }

    /** The same with {@code content-encoding: gzip} for a client that accepts it. */
    static Reaction compressedIfAccepted(Reaction.Sends whole) {
        return ifAccepted(
                whole,
                new Reaction.Sends(
                        whole.status(),
                        whole.contentType(),
                        Map.of("content-encoding", "gzip"),
                        joined(gzip(List.of(whole.body())))));
    }

    /**
     * The same with {@code content-encoding: gzip} for a client that accepts it, event by event.
     */
    static Reaction compressedIfAccepted(Reaction.Streams stream) {
        List<byte[]> events = stream.chunks().stream().map(Reaction.Chunk::bytes).toList();
        List<Reaction.Chunk> chunks =
                gzip(events).stream().map(part -> new Reaction.Chunk(part, Duration.ZERO)).toList();
        return ifAccepted(
                stream,
                new Reaction.Streams(
                        stream.status(),
                        stream.contentType(),
                        Map.of("content-encoding", "gzip"),
                        chunks,
                        stream.ending()));
    }

    private static Reaction ifAccepted(Reaction plain, Reaction compressed) {
        return new Reaction.Depends(request ->
                request.header("accept-encoding").orElse("").contains("gzip") ? compressed : plain);
    }

    /** One gzip stream, flushed after every part; the last element ends it. */
    private static List<byte[]> gzip(List<byte[]> parts) {
        List<byte[]> compressed = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out, true)) {
            for (byte[] part : parts) {
                gzip.write(part);
                gzip.flush();
                compressed.add(out.toByteArray());
                out.reset();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        compressed.add(out.toByteArray());
        return compressed;
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static List<String> crlf(List<String> events) {
        return events.stream().map(event -> event.replace("\n", "\r\n")).toList();
    }

    private static List<String> events(String name) {
        return List.of(read(name + ".sse").split("(?<=\n\n)"));
    }

    private static String read(String file) {
        try (InputStream in = Canned.class.getResourceAsStream("/canned/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

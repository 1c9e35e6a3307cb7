package dev.pointsman.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the fake provider does with a request. */
public sealed interface Reaction {

    /** A whole answer, in the format that was spoken. */
    record Answers(
            Function<ProviderRequest, String> text,
            Tokens tokens,
            Duration before,
            Duration between)
            implements Reaction {

        /** The same with a wait before the first byte. */
        public Answers after(Duration wait) {
            return new Answers(text, tokens, wait, between);
        }

        /** The same with a wait before every event of a stream. */
        public Answers every(Duration wait) {
            return new Answers(text, tokens, before, wait);
        }

        /** The same with that usage. */
        public Answers tokens(long input, long output, long cacheRead, long cacheWrite) {
            return new Answers(
                    text, new Tokens(input, output, cacheRead, cacheWrite), before, between);
        }
    }

    /** The usage that an answer reports; input apart from what the cache had. */
    record Tokens(long input, long output, long cacheRead, long cacheWrite) {}

    /** A status, with the format's own error body unless another one is given. */
    record Fails(int status, String body, Map<String, String> headers) implements Reaction {}

    /** Takes the request and never answers. */
    record Hangs() implements Reaction {}

    /** Resets the connection instead of answering. */
    record Resets() implements Reaction {}

    /** Begins a stream and breaks off after so many events: by a reset, or by a clean end. */
    record BreaksOff(int events, boolean reset) implements Reaction {}

    /** Begins a stream and says nothing further. */
    record FallsSilent(int events) implements Reaction {}

    /** A stream whose first event is an error. */
    record ErrorEventFirst() implements Reaction {}

    /** Status 200 and these bytes. */
    record Says(String contentType, String body) implements Reaction {}

    /** What is chosen when the request is there. */
    record Depends(Function<ProviderRequest, Reaction> choice) implements Reaction {}

    /** A status and a body, byte for byte. */
    record Sends(int status, String contentType, Map<String, String> headers, byte[] body)
            implements Reaction {

        /** The same with one more header. */
        public Sends with(String name, String value) {
            return new Sends(status, contentType, plus(headers, name, value), body);
        }
    }

    /** A stream of these bytes: each chunk is written and flushed by itself, after its wait. */
    record Streams(
            int status,
            String contentType,
            Map<String, String> headers,
            List<Chunk> chunks,
            Ending ending)
            implements Reaction {

        /** The same with one more header. */
        public Streams with(String name, String value) {
            return new Streams(status, contentType, plus(headers, name, value), chunks, ending);
        }

        /** The same with that content type. */
        public Streams as(String type) {
            return new Streams(status, type, headers, chunks, ending);
        }

        /** The same with a wait before every chunk. */
        public Streams every(Duration wait) {
            List<Chunk> slow =
                    chunks.stream().map(chunk -> new Chunk(chunk.bytes(), wait)).toList();
            return new Streams(status, contentType, headers, slow, ending);
        }

        /** The first chunks only, and then that ending. */
        public Streams only(int count, Ending last) {
            return new Streams(status, contentType, headers, chunks.subList(0, count), last);
        }

        /** The same with one more event before its ending. */
        public Streams then(String event) {
            List<Chunk> more = new ArrayList<>(chunks);
            more.add(new Chunk(event.getBytes(StandardCharsets.UTF_8), Duration.ZERO));
            return new Streams(status, contentType, headers, more, ending);
        }

        /** The same bytes in chunks of so many, wherever that cuts a line or a character. */
        public Streams inPiecesOf(int size) {
            byte[] all = bytes();
            List<Chunk> pieces = new ArrayList<>();
            for (int from = 0; from < all.length; from += size) {
                byte[] piece = Arrays.copyOfRange(all, from, Math.min(all.length, from + size));
                pieces.add(new Chunk(piece, Duration.ZERO));
            }
            return new Streams(status, contentType, headers, pieces, ending);
        }

        /** All the chunks' bytes. */
        public byte[] bytes() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            chunks.forEach(chunk -> all.writeBytes(chunk.bytes()));
            return all.toByteArray();
        }
    }

    /** Some bytes of a stream, and the wait before them. */
    record Chunk(byte[] bytes, Duration before) {}

    /** How a stream ends. */
    enum Ending {
        /** As HTTP has it: the last chunk is an empty one. */
        CLEAN,
        /** The connection is closed in the middle of the body. */
        CLOSE,
        /** The connection is reset in the middle of the body. */
        RESET,
        /** Nothing further is said. */
        SILENCE
    }

    /** JSON with that status. */
    static Sends sends(int status, String json) {
        return new Sends(
                status, "application/json", Map.of(), json.getBytes(StandardCharsets.UTF_8));
    }

    /** Server-sent events, each a chunk; what is given is sent as it is, blank lines included. */
    static Streams streams(List<String> events) {
        List<Chunk> chunks =
                events.stream()
                        .map(event -> event.getBytes(StandardCharsets.UTF_8))
                        .map(bytes -> new Chunk(bytes, Duration.ZERO))
                        .toList();
        return new Streams(200, "text/event-stream", Map.of(), chunks, Ending.CLEAN);
    }

    static Answers answers(String text) {
        return answersWith(request -> text);
    }

    static Answers answersWith(Function<ProviderRequest, String> text) {
        return new Answers(text, new Tokens(10, 5, 0, 0), Duration.ZERO, Duration.ZERO);
    }

    static Reaction fails(int status) {
        return new Fails(status, "", Map.of());
    }

    static Reaction fails(int status, String body, Map<String, String> headers) {
        return new Fails(status, body, headers);
    }

    private static Map<String, String> plus(
            Map<String, String> headers, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return more;
    }
}

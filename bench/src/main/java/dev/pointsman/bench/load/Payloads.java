package dev.pointsman.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.pointsman.core.Task;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.nio.ByteBuffer;

/** The bytes that go back and forth, made once. */
final class Payloads {

    static final String PATH = "/v1/chat/completions";
    static final String NAMED = "mock/gpt-x";
    static final String AUTO = "auto";

    private static final int REQUEST_BYTES = 1500;
    private static final int ANSWER_BYTES = 1024;
    private static final int EVENT_BYTES = 200;
    private static final String SYSTEM = "You are an assistant of the release team.";
    private static final String WORDS =
            "Write the release notes for this version from the list of changes below: keep them"
                + " short, name what a user has to do, and leave out what only developers see. The"
                + " reports of the night build were moved to another folder, two settings have a"
                + " new name, and the export of a large table no longer stops halfway. ";

    private Payloads() {}

    /** Chat completion requests of about 1.5 KB. */
    static Requests requests(String model) {
        return Requests.of(variant -> post(chat(model, "", REQUEST_BYTES, variant)));
    }

    /** What such a request asks, its instructions included. */
    static Task task(String model, int variant) {
        String request = chat(model, "", REQUEST_BYTES, variant);
        String user = "\"role\":\"user\",\"content\":\"";
        return Task.of(
                        request.substring(
                                request.indexOf(user) + user.length(),
                                request.length() - "\"}]}".length()))
                .system(SYSTEM);
    }

    /** One of them. */
    static ByteBuf request() {
        return post(chat(NAMED, "", REQUEST_BYTES, 0));
    }

    /** One of so many bytes. */
    static Requests large(String model, int bytes) {
        return Requests.always(post(chat(model, "", bytes, 0)));
    }

    /** Requests for streams of so many chunks. */
    static Requests streams(String model, int chunks) {
        String options =
                "\"stream\":true,\"max_tokens\":"
                        + chunks
                        + ",\"stream_options\":{\"include_usage\":true},";
        return Requests.of(variant -> post(chat(model, options, REQUEST_BYTES, variant)));
    }

    /** Asks the upstream for the number of streams under way. */
    static ByteBuf live() {
        return fixed("GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    }

    static ByteBuf liveAnswer(int live) {
        String text = Integer.toString(live);
        return fixed("HTTP/1.1 200 OK\r\ncontent-length: " + text.length() + "\r\n\r\n" + text);
    }

    /** A chat completion with usage, about 1 KB of JSON. */
    static ByteBuf answer() {
        String before =
                "{\"id\":\"chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG\",\"object\":\"chat.completion\",\"created\":1762000000,"
                    + "\"model\":\"gpt-x\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"";
        String after =
                "\",\"refusal\":null,\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":372,"
                    + "\"completion_tokens\":118,\"total_tokens\":490,\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},"
                    + "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0}},\"service_tier\":\"default\"}";
        String body = before + words(ANSWER_BYTES - before.length() - after.length(), 0) + after;
        return fixed(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_8f2c\r\n"
                        + "content-length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body);
    }

    static byte[] streamHead() {
        return ("HTTP/1.1 200 OK\r\n"
                        + "content-type: text/event-stream\r\n"
                        + "x-request-id: req_8f2c\r\n"
                        + "transfer-encoding: chunked\r\n\r\n")
                .getBytes(US_ASCII);
    }

    /** A chunk with a mark whose digits are still to be written, about 200 bytes. */
    static byte[] streamChunk() {
        String before = event("{\"content\":\"" + Marks.SIGN + "0".repeat(Marks.DIGITS) + " %s\"}");
        return chunk(before.formatted(words(EVENT_BYTES - before.length(), 0))).getBytes(US_ASCII);
    }

    /** The finish chunk, the usage chunk, [DONE], and the end of the answer. */
    static ByteBuf streamEnd(int chunks) {
        String finish = event("{}").replace("\"finish_reason\":null", "\"finish_reason\":\"stop\"");
        String usage =
                event("{}")
                        .replaceFirst("\"choices\":\\[.*]", "\"choices\":[]")
                        .replace(
                                "}\n\n",
                                ",\"usage\":{\"prompt_tokens\":372,\"completion_tokens\":%d,\"total_tokens\":%d}}\n\n"
                                        .formatted(chunks, 372 + chunks));
        return fixed(chunk(finish) + chunk(usage) + chunk("data: [DONE]\n\n") + "0\r\n\r\n");
    }

    private static String event(String delta) {
        return "data:"
                   + " {\"id\":\"chatcmpl-B9MHDbslfkBe\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-x\","
                   + "\"choices\":[{\"index\":0,\"delta\":"
                + delta
                + ",\"finish_reason\":null}]}\n\n";
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    private static String chat(String model, String options, int bytes, int variant) {
        String before =
                "{\"model\":\""
                        + model
                        + "\","
                        + options
                        + "\"temperature\":0.2,\"messages\":[{\"role\":\"system\",\"content\":\""
                        + SYSTEM
                        + "\"},{\"role\":\"user\",\"content\":\"";
        String after = "\"}]}";
        return before + words(bytes - before.length() - after.length(), variant) + after;
    }

    private static String words(int length, int from) {
        return WORDS.repeat(length / WORDS.length() + 2).substring(from, from + length);
    }

    private static ByteBuf post(String body) {
        return fixed(
                "POST "
                        + PATH
                        + " HTTP/1.1\r\n"
                        + "host: 127.0.0.1\r\n"
                        + "authorization: Bearer sk-of-the-caller\r\n"
                        + "accept: application/json\r\n"
                        + "user-agent: OpenAI/Python 1.99.0\r\n"
                        + "content-type: application/json\r\n"
                        + "content-length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body);
    }

    /** Off the heap, so that nothing is copied before it is sent; sent as a duplicate. */
    private static ByteBuf fixed(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(direct));
    }
}

package dev.pointsman.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One connection: requests and reactions, one after another. */
final class Conversation {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final FakeProvider provider;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Conversation(FakeProvider provider, Socket socket) throws IOException {
        this.provider = provider;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    void run() throws IOException {
        Optional<ProviderRequest> request = read();
        while (request.isPresent() && reactLive(request.get())) {
            request = read();
        }
    }

    private boolean reactLive(ProviderRequest request) throws IOException {
        provider.begun();
        try {
            return react(request, provider.reaction(request));
        } finally {
            provider.ended();
        }
    }

    /** Does what the script says; true if the connection can be used again. */
    private boolean react(ProviderRequest request, Reaction reaction) throws IOException {
        Template template = Template.of(request.path());
        switch (reaction) {
            case Reaction.Depends depends -> {
                return react(request, depends.choice().apply(request));
            }
            case Reaction.Answers answers -> answer(request, template, answers);
            case Reaction.Fails fails -> {
                String body =
                        fails.body().isEmpty() ? template.error(fails.status()) : fails.body();
                send(
                        fails.status(),
                        body.startsWith("<") ? "text/html" : "application/json",
                        fails.headers(),
                        body);
            }
            case Reaction.Says says -> send(200, says.contentType(), Map.of(), says.body());
            case Reaction.Sends sends ->
                    send(sends.status(), sends.contentType(), sends.headers(), sends.body());
            case Reaction.Streams streams -> {
                return stream(streams);
            }
            case Reaction.ErrorEventFirst first -> {
                beginStream();
                chunk(template.errorEvent());
                endStream();
            }
            case Reaction.BreaksOff breaks -> {
                partOfStream(request, template, breaks.events());
                if (breaks.reset()) {
                    reset();
                    return false;
                }
                endStream();
            }
            case Reaction.FallsSilent silent -> {
                partOfStream(request, template, silent.events());
                waitForClient();
                return false;
            }
            case Reaction.Hangs hangs -> {
                waitForClient();
                return false;
            }
            case Reaction.Resets resets -> {
                reset();
                return false;
            }
        }
        return true;
    }

    private void answer(ProviderRequest request, Template template, Reaction.Answers answers)
            throws IOException {
        pause(answers.before());
        String text = answers.text().apply(request);
        if (!request.streams()) {
            send(
                    200,
                    "application/json",
                    Map.of(),
                    template.answer(request.model(), text, answers.tokens()));
            return;
        }
        beginStream();
        for (String event : template.stream(request.model(), text, answers.tokens())) {
            pause(answers.between());
            chunk(event);
        }
        endStream();
    }

    private boolean stream(Reaction.Streams streams) throws IOException {
        beginStream(streams.status(), streams.contentType(), streams.headers());
        for (Reaction.Chunk chunk : streams.chunks()) {
            pause(chunk.before());
            chunk(chunk.bytes());
        }
        switch (streams.ending()) {
            case CLEAN -> endStream();
            case CLOSE -> socket.close();
            case RESET -> reset();
            case SILENCE -> waitForClient();
        }
        return streams.ending() == Reaction.Ending.CLEAN;
    }

    private void partOfStream(ProviderRequest request, Template template, int events)
            throws IOException {
        List<String> all =
                template.stream(request.model(), "one two three", new Reaction.Tokens(10, 5, 0, 0));
        beginStream();
        for (String event : all.subList(0, Math.min(events, all.size()))) {
            chunk(event);
        }
    }

    private void send(int status, String type, Map<String, String> headers, String body)
            throws IOException {
        send(status, type, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private void send(int status, String type, Map<String, String> headers, byte[] body)
            throws IOException {
        head(status, type, headers, "content-length: " + body.length);
        out.write(body);
        out.flush();
    }

    private void beginStream() throws IOException {
        beginStream(200, "text/event-stream", Map.of());
    }

    private void beginStream(int status, String type, Map<String, String> headers)
            throws IOException {
        head(status, type, headers, "transfer-encoding: chunked");
        out.flush();
    }

    private void head(int status, String type, Map<String, String> headers, String framing)
            throws IOException {
        StringBuilder head = new StringBuilder();
        head.append("HTTP/1.1 ").append(status).append(" X\r\ncontent-type: ").append(type);
        head.append("\r\n").append(framing);
        headers.forEach(
                (name, value) -> head.append("\r\n").append(name).append(": ").append(value));
        out.write(ascii(head.append("\r\n\r\n").toString()));
    }

    private void chunk(String event) throws IOException {
        chunk(event.getBytes(StandardCharsets.UTF_8));
    }

    private void chunk(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return; // would end the stream
        }
        ByteArrayOutputStream framed = new ByteArrayOutputStream(bytes.length + 12);
        framed.writeBytes(ascii(Integer.toHexString(bytes.length) + "\r\n"));
        framed.writeBytes(bytes);
        framed.writeBytes(ascii("\r\n"));
        out.write(framed.toByteArray());
        out.flush();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void endStream() throws IOException {
        out.write(ascii("0\r\n\r\n"));
        out.flush();
    }

    private void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Blocks until the client closes its side. */
    private void waitForClient() throws IOException {
        while (in.read() >= 0) {
            // what a client says while it should wait is of no interest
        }
        provider.abandoned();
    }

    /** Waits, and notices at once if the client leaves meanwhile. */
    private void pause(Duration wait) throws IOException {
        long end = System.nanoTime() + wait.toNanos();
        for (long left = wait.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            if (!silentFor((int) left)) {
                sleep(left);
            }
        }
    }

    /** False if the client has sent the next request already. */
    private boolean silentFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
        in.mark(1);
        try {
            if (in.read() < 0) {
                throw new EOFException("the client has left");
            }
            in.reset();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(0);
        }
    }

    private static void sleep(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private Optional<ProviderRequest> read() throws IOException {
        String first = line();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> headers = new HashMap<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.merge(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip(),
                    (before, more) -> before + ", " + more);
        }
        byte[] body = body(headers);
        String[] words = first.split(" ");
        return Optional.of(
                new ProviderRequest(words[0], words[1], Map.copyOf(headers), body, json(body)));
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return chunks();
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return exactly(length);
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.writeBytes(exactly(size));
            line();
        }
        while (!line().isEmpty()) {
            // trailers are of no interest
        }
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line().replaceFirst(";.*", "").strip(), 16);
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the client has left within its request");
        }
        return bytes;
    }

    private static JsonNode json(byte[] body) {
        try {
            JsonNode json = MAPPER.readTree(body);
            return json.isObject() ? json : MAPPER.createObjectNode();
        } catch (IOException e) {
            return MAPPER.createObjectNode();
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}

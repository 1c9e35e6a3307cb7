package dev.pointsman.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
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
        while (request.isPresent() && react(request.get())) {
            request = read();
        }
    }

    /** Does what the script says; true if the connection can be used again. */
    private boolean react(ProviderRequest request) throws IOException {
        Template template = Template.of(request.path());
        switch (provider.reaction(request)) {
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
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder();
        head.append("HTTP/1.1 ").append(status).append(" X\r\ncontent-type: ").append(type);
        head.append("\r\ncontent-length: ").append(bytes.length);
        headers.forEach(
                (name, value) -> head.append("\r\n").append(name).append(": ").append(value));
        out.write(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.write(bytes);
        out.flush();
    }

    private void beginStream() throws IOException {
        out.write(
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private void chunk(String event) throws IOException {
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        out.write(
                (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(bytes);
        out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private void endStream() throws IOException {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
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

    private static void pause(Duration wait) throws IOException {
        try {
            Thread.sleep(wait);
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
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(length);
        String[] words = first.split(" ");
        String text = new String(body, StandardCharsets.UTF_8);
        return Optional.of(
                new ProviderRequest(words[0], words[1], Map.copyOf(headers), text, json(body)));
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

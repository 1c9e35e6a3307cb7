package dev.pointsman.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

class FakeProviderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final String MODEL = "some-model";

    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void request_uploadedInChunks_keepsItsBytes() throws Exception {
        byte[] body = {'{', '}', (byte) 0xff, 0, '\r', '\n', '0', '\r', '\n'};
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.BodyPublisher chunked =
                    HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
            client.send(
                    HttpRequest.newBuilder(URI.create(provider.url() + "/v1/messages"))
                            .version(HttpClient.Version.HTTP_1_1)
                            .POST(chunked)
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }

        ProviderRequest request = provider.requests().getFirst();
        assertThat(request.header("transfer-encoding")).contains("chunked");
        assertThat(request.bytes()).isEqualTo(body);
    }

    @Test
    void request_uploadedWithExtensionsAndTrailers_keepsItsBytesAndTheConnection()
            throws Exception {
        try (Socket socket = connect()) {
            say(
                    socket,
                    "POST /v1/messages HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "2;a=b\r\n{\"\r\n8\r\nmodel\":1\r\n1\r\n}\r\n0\r\nx: y\r\n\r\n");
            say(socket, post(MODEL));

            assertThat(provider.awaitRequests(2, PATIENCE)).isTrue();
        }

        assertThat(provider.requests().getFirst().text()).isEqualTo("{\"model\":1}");
        assertThat(provider.requests().getLast().model()).isEqualTo(MODEL);
    }

    @Test
    void request_headerTwice_isJoined() throws Exception {
        try (Socket socket = connect()) {
            say(socket, "GET /v1/models HTTP/1.1\r\nA: b\r\na: c\r\n\r\n");

            assertThat(provider.awaitRequests(1, PATIENCE)).isTrue();
        }

        assertThat(provider.requests().getFirst().header("a")).contains("b, c");
    }

    @Test
    void sends_bodyAndHeaders_areSentAsGiven() throws Exception {
        provider.script(MODEL, Reaction.sends(418, "{\"ü\":1}").with("retry-after", "7"));

        assertThat(answer())
                .isEqualTo(
                        "HTTP/1.1 418 X\r\ncontent-type: application/json\r\ncontent-length: 8\r\n"
                                + "retry-after: 7\r\n\r\n{\"ü\":1}");
    }

    @Test
    void streams_cutInPieces_areSentPieceByPiece() throws Exception {
        provider.script(
                MODEL,
                Reaction.streams(List.of("data: é\n\n"))
                        .inPiecesOf(7)
                        .as("text/plain")
                        .only(2, Reaction.Ending.CLOSE));

        byte[] answer = rawAnswer();

        assertThat(new String(answer, StandardCharsets.ISO_8859_1))
                .isEqualTo(
                        "HTTP/1.1 200 X\r\ncontent-type: text/plain\r\n"
                                + "transfer-encoding: chunked\r\n\r\n"
                                + "7\r\ndata: \u00c3\r\n3\r\n\u00a9\n\n\r\n");
    }

    @Test
    void live_requestUnderWay_isCountedUntilItsClientLeaves() throws Exception {
        provider.script(MODEL, new Reaction.Hangs());
        try (Socket socket = connect()) {
            say(socket, post(MODEL));

            assertThat(provider.awaitLive(1, PATIENCE)).isTrue();
        }

        assertThat(provider.awaitLive(0, PATIENCE)).isTrue();
    }

    @Test
    void pause_clientLeaves_isNoticedAtOnce() throws Exception {
        provider.script(MODEL, Reaction.streams(List.of("data: 1\n\n")).every(LONG));
        try (Socket socket = connect()) {
            say(socket, post(MODEL));

            assertThat(provider.awaitLive(1, PATIENCE)).isTrue();
        }

        assertThat(provider.awaitAbandoned(PATIENCE)).isTrue();
        assertThat(provider.awaitLive(0, PATIENCE)).isTrue();
    }

    private String answer() throws IOException {
        return new String(rawAnswer(), StandardCharsets.UTF_8);
    }

    /** All the bytes until the connection ends; the client ends its side after the request. */
    private byte[] rawAnswer() throws IOException {
        try (Socket socket = connect()) {
            say(socket, post(MODEL));
            socket.shutdownOutput();
            return socket.getInputStream().readAllBytes();
        }
    }

    private Socket connect() throws IOException {
        URI url = URI.create(provider.url());
        return new Socket(url.getHost(), url.getPort());
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String post(String model) {
        String body = "{\"model\":\"" + model + "\"}";
        return "POST /v1/messages HTTP/1.1\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    }
}

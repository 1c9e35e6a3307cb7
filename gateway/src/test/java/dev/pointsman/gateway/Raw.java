package dev.pointsman.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that says any bytes at all over a connection of its own. */
final class Raw implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    /** An answer; headers by lower-case name, those that come twice joined by commas. */
    record Answer(int status, Map<String, String> headers, byte[] body) {

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /**
     * What came of an answer.
     *
     * @param clean whether it ended as HTTP has it
     */
    record Ended(Answer answer, boolean clean) {

        String text() {
            return answer.text();
        }
    }

    private Raw(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static Raw to(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return new Raw(socket);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A whole request; headers as they stand on the wire, without their line ends. */
    static byte[] request(String line, byte[] body, String... headers) {
        StringBuilder head = new StringBuilder(line + " HTTP/1.1\r\nhost: x\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        head.append("content-length: ").append(body.length).append("\r\n\r\n");
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(utf8(head.toString()));
        whole.writeBytes(body);
        return whole.toByteArray();
    }

    static Answer post(int port, String path, byte[] body, String... headers) throws IOException {
        return once(port, request("POST " + path, body, headers));
    }

    /** Asks and listens to the end, be it one or not. */
    static Ended heard(int port, String path, String body, String... headers) throws IOException {
        try (Raw raw = to(port)) {
            return raw.send(request("POST " + path, utf8(body), headers)).readToTheEnd();
        }
    }

    static Answer once(int port, byte[] bytes) throws IOException {
        try (Raw raw = to(port)) {
            return raw.send(bytes).read();
        }
    }

    Raw send(String bytes) throws IOException {
        return send(utf8(bytes));
    }

    Raw send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    Answer read() throws IOException {
        return read(false);
    }

    /** An answer in chunks to its end, be it one or not. */
    Ended readToTheEnd() throws IOException {
        Answer head = head();
        if (!head.header("transfer-encoding").equals("chunked")) {
            return new Ended(new Answer(head.status(), head.headers(), body(head.headers())), true);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean clean = false;
        try {
            for (int size = size(); size > 0; size = size()) {
                body.writeBytes(exactly(size));
                line();
            }
            clean = line().isEmpty();
        } catch (EOFException | SocketException e) {
            // cut off
        }
        return new Ended(new Answer(head.status(), head.headers(), body.toByteArray()), clean);
    }

    Answer read(boolean toHead) throws IOException {
        Answer head = head();
        byte[] body = toHead || head.status() == 100 ? new byte[0] : body(head.headers());
        return new Answer(head.status(), head.headers(), body);
    }

    private Answer head() throws IOException {
        String line = line();
        int status = Integer.parseInt(line.split(" ")[1]);
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.merge(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip(),
                    (one, other) -> one + "," + other);
        }
        return new Answer(status, headers, new byte[0]);
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = size(); size > 0; size = size()) {
                body.writeBytes(exactly(size));
                line();
            }
            line();
            return body.toByteArray();
        }
        return exactly(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }

    private int size() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("closed in the middle");
        }
        return bytes;
    }

    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        for (; b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        if (b < 0) {
            throw new EOFException("closed before a line");
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    int readByte() throws IOException {
        return in.read();
    }

    /** Reads to the end, whatever comes; how many bytes. */
    long drain() throws IOException {
        try {
            return in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (SocketException e) {
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

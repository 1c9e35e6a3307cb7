package dev.pointsman.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class FramingTest implements Framing.Receiver {

    private static final String FIXED = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1a\r\n"
                    + "abcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n";
    private static final String BODILESS = "GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n";

    private final StringBuilder body = new StringBuilder();
    private final List<String> bodies = new ArrayList<>();

    @Test
    void messages_cutAnywhere_sameBodies() {
        String all = FIXED + CHUNKED + BODILESS + FIXED;
        for (int cut = 0; cut <= all.length(); cut++) {
            bodies.clear();
            Framing framing = new Framing(this);
            framing.read(Unpooled.copiedBuffer(all.substring(0, cut), US_ASCII));
            framing.read(Unpooled.copiedBuffer(all.substring(cut), US_ASCII));
            assertThat(bodies)
                    .as("cut at %d", cut)
                    .containsExactly("hello", "helloabcdefghijklmnopqrstuvwxyz", "", "hello");
        }
    }

    @Test
    void message_emptyBody_ends() {
        new Framing(this)
                .read(
                        Unpooled.copiedBuffer(
                                "HTTP/1.1 204 No\r\ncontent-length: 0\r\n\r\n", US_ASCII));
        assertThat(bodies).containsExactly("");
    }

    @Override
    public void head(byte[] head, int length) {
        body.setLength(0);
    }

    @Override
    public void body(ByteBuf bytes, int from, int length) {
        body.append(bytes.toString(from, length, US_ASCII));
    }

    @Override
    public void end() {
        bodies.add(body.toString());
    }
}

package dev.pointsman.gateway;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;

import java.util.Arrays;

/** Takes in one request's body, within the limits. Confined to the request's event loop. */
final class BodyReader {

    /** What is done with a body, or with the reason why it is not taken. */
    interface Then {
        void whole(byte[] body);

        /**
         * @param close whether what is still coming makes the connection useless
         */
        void refused(Refusal why, boolean close);
    }

    private static final int FIRST = 8 << 10;

    private final HttpServerRequest request;
    private final Shared shared;
    private final long most;
    private final Then then;
    private byte[] bytes = {};
    private int length;
    private long reserved;
    private boolean over;

    BodyReader(HttpServerRequest request, Shared shared, long most, Then then) {
        this.request = request;
        this.shared = shared;
        this.most = most;
        this.then = then;
    }

    void start() {
        long announced = announced();
        if (announced > most) {
            refuse(tooLarge(), true);
            return;
        }
        if (announced > 0 && !reserve(announced)) {
            return;
        }
        if ("100-continue".equalsIgnoreCase(request.headers().get(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        request.handler(this::more);
        request.endHandler(ignored -> end());
    }

    /** Gives back what was reserved; the body may be forgotten. */
    void release() {
        shared.release(reserved);
        reserved = 0;
    }

    private long announced() {
        String said = request.headers().get(HttpHeaders.CONTENT_LENGTH);
        if (said == null) {
            return 0;
        }
        try {
            return Long.parseLong(said.strip());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private void more(Buffer buffer) {
        if (over) {
            return;
        }
        int all = length + buffer.length();
        if (all > most) {
            refuse(tooLarge(), true);
            return;
        }
        if (all > reserved && !reserve(all - reserved)) {
            return;
        }
        if (length == 0 && reserved == buffer.length()) {
            bytes = bytes(buffer);
        } else {
            if (all > bytes.length) {
                // What was announced is not believed before it comes.
                bytes = Arrays.copyOf(bytes, Math.max(FIRST, Math.max(all, 2 * bytes.length)));
            }
            buffer.getBytes(bytes, length);
        }
        length = all;
    }

    /** The very array of a buffer that has one of its own: nobody else changes it. */
    private static byte[] bytes(Buffer buffer) {
        ByteBuf inside = ((BufferInternal) buffer).getByteBuf();
        boolean own =
                inside.hasArray()
                        && inside.arrayOffset() == 0
                        && inside.array().length == buffer.length();
        return own ? inside.array() : buffer.getBytes();
    }

    private void end() {
        if (!over) {
            over = true;
            then.whole(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
        }
    }

    private boolean reserve(long more) {
        if (shared.reserve(more)) {
            reserved += more;
            return true;
        }
        refuse(
                new Refusal(
                        503, "the gateway holds as many request bodies as it may; try again later"),
                true);
        return false;
    }

    private Refusal tooLarge() {
        return new Refusal(
                413,
                "the body is longer than the limit of " + most + " bytes (gateway.limits.body)");
    }

    private void refuse(Refusal why, boolean close) {
        over = true;
        bytes = new byte[0];
        then.refused(why, close);
    }
}

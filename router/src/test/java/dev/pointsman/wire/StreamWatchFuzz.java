package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * Any bytes in any pieces go on as they are, and are seen alike. The first byte says how long the
 * pieces are. To look for longer, after the modules are built:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl testing,router -am test -Dtest=StreamWatchFuzz -Dgates.skip=true
 *     -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class StreamWatchFuzz {

    @FuzzTest(maxDuration = "60s")
    void bytes_inAnyPieces_areSeenAlike(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int piece = 1 + (input[0] & 0x3F);
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        for (Format format : Format.values()) {
            List<Object> whole = seen(format, false, bytes, bytes.length + 1);
            List<Object> split = seen(format, false, bytes, piece);
            assertThat(split).isEqualTo(whole);
        }
        assertThat(seen(Format.OPENAI_CHAT, true, bytes, piece).subList(0, 3))
                .isEqualTo(seen(Format.OPENAI_CHAT, true, bytes, bytes.length + 1).subList(0, 3));
    }

    private static List<Object> seen(Format format, boolean withhold, byte[] bytes, int piece) {
        StreamWatch watch = new StreamWatch(format, false, withhold);
        ByteArrayOutputStream on = new ByteArrayOutputStream();
        for (int from = 0; from < bytes.length; from += piece) {
            int to = Math.min(bytes.length, from + piece);
            on.writeBytes(watch.feed(Arrays.copyOfRange(bytes, from, to)));
        }
        on.writeBytes(watch.close());
        if (!withhold) {
            // nothing is changed; after a failure nothing goes on
            boolean broken = watch.failure().isPresent();
            assertThat(on.toByteArray())
                    .isEqualTo(broken ? Arrays.copyOf(bytes, on.size()) : bytes);
        }
        return List.of(
                watch.usage(),
                watch.ended(),
                watch.begun(),
                // after a failure nobody reads on
                watch.failure().isPresent() ? 0 : watch.contents(),
                watch.stop(),
                watch.failure().isPresent(),
                // the LF of a CRLF may go on with the next event, which a failure ends
                watch.failure().isPresent() ? 0 : on.size());
    }
}

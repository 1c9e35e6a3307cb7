package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.pointsman.wire.Peek.Span;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Whatever is read is still a request after the model's name was replaced, and all else as it was.
 * To look for longer, after the modules are built:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl testing,router -am test -Dtest=SpliceFuzz -Dgates.skip=true
 *     -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class SpliceFuzz {

    private static final String MODEL = "an/other \"\u00e9\"";

    @FuzzTest(maxDuration = "60s")
    void request_spliced_isTheSameRequest(byte[] bytes) throws RequestException {
        for (Format format : Format.values()) {
            for (Operation operation : Operation.values()) {
                splice(format, operation, bytes);
            }
        }
    }

    private static void splice(Format format, Operation operation, byte[] bytes)
            throws RequestException {
        Peek peek;
        try {
            peek = Peek.of(format, operation, bytes);
        } catch (RequestException e) {
            return;
        }
        byte[] spliced = Splice.of(peek, MODEL, false).bytes();
        assertThat(spliced).isEqualTo(expected(bytes, peek.models));
        Peek again = Peek.of(format, operation, spliced);
        assertThat(again.model()).isEqualTo(peek.model().map(any -> MODEL));
        assertThat(again.turns()).isEqualTo(peek.turns());
        assertThat(Splice.of(again, MODEL, false).bytes()).isEqualTo(spliced);
        if (format == Format.OPENAI_CHAT && operation == Operation.ANSWER) {
            Peek asked = Peek.of(format, operation, Splice.of(peek, MODEL, true).bytes());
            assertThat(asked.wantsUsage()).isTrue();
        }
    }

    private static byte[] expected(byte[] bytes, List<Span> models) {
        byte[] name = Json.quoted(MODEL);
        ByteBuffer all = ByteBuffer.allocate(bytes.length + models.size() * name.length);
        int at = 0;
        for (Span span : models) {
            all.put(bytes, at, span.from() - at).put(name);
            at = span.to();
        }
        all.put(bytes, at, bytes.length - at);
        byte[] made = new byte[all.position()];
        all.flip().get(made);
        return made;
    }
}

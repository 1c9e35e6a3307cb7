package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Any bytes are a request or refused. To look for longer, after the modules are built:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl testing,router -am test -Dtest=PeekFuzz -Dgates.skip=true
 *     -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class PeekFuzz {

    @FuzzTest(maxDuration = "60s")
    void bytes_whatever_areReadOrRefused(byte[] bytes) {
        for (Format format : Format.values()) {
            for (Operation operation : Operation.values()) {
                read(format, operation, bytes);
            }
        }
    }

    private static void read(Format format, Operation operation, byte[] bytes) {
        Peek peek;
        try {
            peek = Peek.of(format, operation, bytes);
        } catch (RequestException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        peek.system(false);
        for (int turn = 0; turn < peek.turns(); turn++) {
            assertThat(peek.text(turn, true)).isEqualTo(peek.text(turn, false));
        }
        assertThat(peek.sketch()).isNotBlank();
    }
}

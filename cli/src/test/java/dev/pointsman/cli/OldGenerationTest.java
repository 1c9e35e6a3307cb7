package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testing.Fork;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class OldGenerationTest {

    /** Of JVMs of their own, so that nothing else is in their memory. */
    private static final List<String> SERIAL =
            List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx512m", "-Xmn16m");

    @Test
    @Timeout(60)
    void whatHasGrownAndIsGarbageIsCollected() throws Exception {
        assertThat(megabytesAfter("watched")).isLessThan(24);
        assertThat(megabytesAfter("alone")).isGreaterThan(90);
    }

    private static long megabytesAfter(String how) throws Exception {
        Process process = Fork.of(SERIAL, Garbage.class, how).redirectErrorStream(true).start();
        String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return Long.parseLong(said);
    }

    /** Makes 100 MB of old garbage and says how much is there a moment later. */
    static final class Garbage {

        private static final int PIECES = 100;
        private static final int PIECE = 1 << 20;
        private static final Duration PERIOD = Duration.ofMillis(100);
        private static final Duration MOMENT = Duration.ofSeconds(2);

        private Garbage() {}

        public static void main(String[] args) throws InterruptedException {
            List<byte[]> kept = new ArrayList<>();
            for (int i = 0; i < PIECES; i++) {
                kept.add(new byte[PIECE]);
            }
            kept.clear();
            try (OldGeneration watch =
                    args[0].equals("watched") ? OldGeneration.watch(PERIOD) : null) {
                Thread.sleep(MOMENT);
            }
            System.out.println(used() / PIECE);
        }

        private static long used() {
            return ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getName().equals("Tenured Gen"))
                    .mapToLong(pool -> pool.getUsage().getUsed())
                    .findFirst()
                    .orElseThrow();
        }
    }
}

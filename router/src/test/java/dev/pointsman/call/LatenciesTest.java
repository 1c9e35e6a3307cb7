package dev.pointsman.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

class LatenciesTest {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Latencies latencies = new Latencies();

    @Test
    void percentile_ofFewerThanTwentyTimes_isUnknown() {
        add(19, 0, 1_000_000);
        assertThat(latencies.percentile(0, 0.95)).isEmpty();
        add(1, 0, 1_000_000);

        assertThat(latencies.percentile(0, 0.95)).isPresent();
    }

    @Test
    void percentile_ofRandomTimes_isWithinATenthOfTheExactOne() {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            Latencies some = new Latencies();
            long[] times = new long[20 + random.nextInt(500)];
            for (int i = 0; i < times.length; i++) {
                times[i] = random.nextLong() >>> 1 + random.nextInt(63);
                some.add(0, times[i]);
            }
            Arrays.sort(times);
            for (double p : new double[] {0.01, 0.5, 0.9, 0.95, 0.99, 1}) {
                double exact = times[(int) Math.ceil(p * times.length) - 1];
                assertThat((double) some.percentile(0, p).orElseThrow())
                        .as("seed %d, run %d, p %s", seed, run, p)
                        .isCloseTo(exact, within(exact * 0.1));
            }
        }
    }

    @Test
    void percentile_ofTheLastFiveMinutes_remembers() {
        add(20, 4 * MINUTE, 1_000);

        assertThat(latencies.percentile(9 * MINUTE, 0.5)).isPresent();
    }

    @Test
    void percentile_ofMoreThanTenMinutesAgo_forgets() {
        add(20, -MINUTE, 1_000);
        add(20, 4 * MINUTE, 1_000_000);
        assertThat(latencies.percentile(5 * MINUTE, 0.01).orElseThrow()).isGreaterThan(900_000);

        assertThat(latencies.percentile(10 * MINUTE, 0.5)).isEmpty();
        add(20, 11 * MINUTE, 1_000);
        assertThat(latencies.percentile(60 * MINUTE, 0.5)).isEmpty();
    }

    @Test
    void percentile_afterAPauseOfAnyLength_forgetsBothHalves() {
        for (int pause = 10; pause <= 30; pause += 5) {
            Latencies some = new Latencies();
            for (int i = 0; i < 40; i++) {
                some.add((i < 20 ? 4 : 9) * MINUTE, 1_000);
            }
            assertThat(some.percentile((9 + pause) * MINUTE, 0.5)).as("pause %d", pause).isEmpty();
        }
    }

    @Test
    void add_ofExtremeTimes_isTaken() {
        add(10, 0, Long.MAX_VALUE);
        add(10, 0, -1);

        assertThat(latencies.percentile(0, 0.5)).hasValue(0);
        assertThat(latencies.percentile(0, 1).orElseThrow()).isGreaterThan(Long.MAX_VALUE / 10 * 9);
    }

    private void add(int times, long now, long nanos) {
        for (int i = 0; i < times; i++) {
            latencies.add(now, nanos);
        }
    }
}

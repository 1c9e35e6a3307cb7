package dev.pointsman.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.call.CallerQuota.Bound;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

class CallerQuotaTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void requests_beyondTheirNumber_waitForTheFirstToFallOut() {
        CallerQuota quota = new CallerQuota(2, 0);
        assertThat(quota.take(0, 1_000_000)).isEmpty();
        assertThat(quota.take(10 * SECOND, 1)).isEmpty();

        CallerQuota.Full full = quota.take(20 * SECOND, 1).orElseThrow();

        assertThat(full.bound()).isEqualTo(Bound.REQUESTS);
        assertThat(full.limit()).isEqualTo(2);
        assertThat(full.left()).isZero();
        assertThat(full.until()).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(41));
        assertThat(full.words()).isEqualTo("2 requests a minute are used up");
        assertThat(quota.take(62 * SECOND, 1)).isEmpty();
    }

    @Test
    void tokens_countAsEstimatedUntilTheEnd_andThenAsTheyWere() {
        CallerQuota quota = new CallerQuota(0, 1_000);
        assertThat(quota.take(0, 900)).isEmpty();

        CallerQuota.Full full = quota.take(SECOND, 200).orElseThrow();
        assertThat(full.bound()).isEqualTo(Bound.TOKENS);
        assertThat(full.left()).isEqualTo(100);

        quota.end(SECOND, 900, 300);
        assertThat(quota.take(SECOND, 700)).isEmpty();
        assertThat(quota.take(SECOND, 1).orElseThrow().left()).isZero();
    }

    @Test
    void request_largerThanAMinutesTokens_canNeverBegin() {
        CallerQuota.Full full = new CallerQuota(5, 1_000).take(0, 1_001).orElseThrow();

        assertThat(full.bound()).isEqualTo(Bound.TOO_LARGE);
        assertThat(full.left()).isEqualTo(1_000);
    }

    @Test
    void refusedRequest_countsForNothing() {
        CallerQuota quota = new CallerQuota(1, 1_000);
        assertThat(quota.take(0, 2_000)).isPresent();

        assertThat(quota.take(0, 1_000)).isEmpty();
    }

    @Test
    void requests_atTheSameMoment_passNoLimit() throws Exception {
        CallerQuota quota = new CallerQuota(100, 0);
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Callable<Boolean>> all =
                    IntStream.range(0, 1_000)
                            .mapToObj(i -> (Callable<Boolean>) () -> quota.take(0, 1).isEmpty())
                            .toList();
            int begun = 0;
            for (Future<Boolean> one : threads.invokeAll(all)) {
                begun += one.get() ? 1 : 0;
            }
            assertThat(begun).isEqualTo(100);
        }
    }
}

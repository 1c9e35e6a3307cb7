package dev.pointsman.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.policy.DeploymentLimits;
import dev.pointsman.wire.Headers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

class QuotaTest {

    private static final long SECOND = 1_000_000_000L;
    private static final InstantSource NOON =
            InstantSource.fixed(Instant.parse("2026-11-27T12:00:00Z"));

    private final Quota unlimited = new Quota(DeploymentLimits.DEFAULT, NOON);

    @Test
    void quota_withoutLimits_isNeverFull() {
        for (int i = 0; i < 10_000; i++) {
            unlimited.begin(0, 1_000_000);
        }

        assertThat(unlimited.full(0, 1_000_000)).isEmpty();
        assertThat(unlimited.until(0, 1_000_000)).isZero();
    }

    @Test
    void concurrency_allPlacesTaken_isFullUntilOneEnds() {
        Quota quota = new Quota(new DeploymentLimits(2, 0, 0), NOON);
        quota.begin(0, 1);
        assertThat(quota.full(0, 1)).isEmpty();
        quota.begin(0, 1);
        assertThat(quota.full(0, 1)).hasValue("2 calls are under way, the most at once");
        assertThat(quota.until(0, 1)).isEqualTo(Duration.ofSeconds(1));
        quota.end(0, 1, 1);

        assertThat(quota.full(0, 1)).isEmpty();
    }

    @Test
    void requests_usedUp_areFullForAMinute() {
        Quota quota = new Quota(new DeploymentLimits(0, 2, 0), NOON);
        quota.begin(0, 1);
        quota.begin(30 * SECOND, 1);

        assertThat(quota.full(60 * SECOND, 1)).hasValue("2 requests a minute are used up");
        assertThat(quota.until(60 * SECOND, 1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(quota.full(61 * SECOND, 1)).isEmpty();
    }

    @Test
    void tokens_estimated_areSettledByWhatACallTook() {
        Quota quota = new Quota(new DeploymentLimits(0, 0, 1_000), NOON);
        quota.begin(0, 800);
        assertThat(quota.full(0, 201))
                .hasValue("201 tokens are too many with 800 of 1000 a minute used");
        assertThat(quota.full(0, 200)).isEmpty();
        quota.end(SECOND, 800, 300);

        assertThat(quota.full(SECOND, 700)).isEmpty();
        assertThat(quota.full(SECOND, 701)).isPresent();
        assertThat(quota.until(SECOND, 701)).isEqualTo(Duration.ofSeconds(61));
        assertThat(quota.full(62 * SECOND, 1_000)).isEmpty();
    }

    @Test
    void tokens_ofALongCall_countUntilAMinuteAfterItsEnd() {
        Quota quota = new Quota(new DeploymentLimits(0, 0, 1_000), NOON);
        quota.begin(0, 1_000);
        assertThat(quota.full(300 * SECOND, 1)).isPresent();
        quota.end(300 * SECOND, 1_000, 1_000);

        assertThat(quota.full(359 * SECOND, 1)).isPresent();
        assertThat(quota.full(361 * SECOND, 1_000)).isEmpty();
    }

    @Test
    void tokens_moreThanTheLimit_areFullWithAnEndToTheWait() {
        Quota quota = new Quota(new DeploymentLimits(0, 0, 1_000), NOON);

        assertThat(quota.full(0, 1_001)).isPresent();
        assertThat(quota.until(0, 1_001)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void quota_underRandomCalls_keepsTheLimitsOfEveryMinute() {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        Quota quota = new Quota(new DeploymentLimits(5, 50, 5_000), NOON);
        Deque<Long> underWay = new ArrayDeque<>();
        List<long[]> ended = new ArrayList<>();
        List<Long> begun = new ArrayList<>();
        long now = random.nextLong(-1_000 * SECOND, 1_000 * SECOND);
        for (int step = 0; step < 20_000; step++) {
            now += random.nextLong(SECOND / 2);
            long tokens = random.nextLong(1, 600);
            if (random.nextInt(3) > 0 && quota.full(now, tokens).isEmpty()) {
                quota.begin(now, tokens);
                underWay.add(tokens);
                begun.add(now);
            } else if (!underWay.isEmpty()) {
                long estimated = underWay.remove();
                long actual = random.nextLong(estimated + 1);
                quota.end(now, estimated, actual);
                ended.add(new long[] {now, actual});
            }
            long minuteAgo = now - 60 * SECOND;
            begun.removeIf(at -> at <= minuteAgo);
            ended.removeIf(end -> end[0] <= minuteAgo);
            long used =
                    underWay.stream().mapToLong(Long::longValue).sum()
                            + ended.stream().mapToLong(end -> end[1]).sum();
            assertThat(underWay.size()).as("seed %d", seed).isLessThanOrEqualTo(5);
            assertThat(begun.size()).as("seed %d", seed).isLessThanOrEqualTo(50);
            assertThat(used).as("seed %d", seed).isLessThanOrEqualTo(5_000);
            assertWaitsIfFull(quota, now, tokens, seed);
        }
    }

    private static void assertWaitsIfFull(Quota quota, long now, long tokens, long seed) {
        boolean full = quota.full(now, tokens).isPresent();
        Duration wait = quota.until(now, tokens);
        assertThat(wait.isPositive()).as("seed %d", seed).isEqualTo(full);
        assertThat(wait).as("seed %d", seed).isLessThanOrEqualTo(Duration.ofSeconds(61));
    }

    @ParameterizedTest
    @CsvSource({
        "1s, 1000",
        "6m0s, 120000",
        "20ms, 20",
        "1m30.5s, 90500",
        "7.66s, 7660",
        "12, 12000",
        "0.5, 500",
        "24h0m0s, 120000",
        "1735689600, 120000",
        "1d, 120000"
    })
    void openAiReset_ofEveryForm_isKeptUpToTwoMinutes(String reset, long millis) {
        tell("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", reset);

        assertThat(unlimited.spent(0, 1)).isPresent();
        assertThat(unlimited.until(0, 1)).isEqualTo(Duration.ofMillis(millis));
        assertThat(unlimited.spent(millis * 1_000_000, 1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "soon", "-1s", "1s!", "s", "1x", "NaN", "1e9", "99999999999999999"})
    void openAiReset_garbage_isIgnored(String reset) {
        tell("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", reset);

        assertThat(unlimited.spent(0, 1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "-1", "1.5", "99999999999999999999999"})
    void remaining_garbage_isIgnored(String remaining) {
        tell("x-ratelimit-remaining-requests", remaining, "x-ratelimit-reset-requests", "1s");

        assertThat(unlimited.spent(0, 1)).isEmpty();
    }

    @Test
    void remaining_withoutAReset_isIgnored() {
        unlimited.told(0, Headers.of(Map.of("x-ratelimit-remaining-requests", "0")));

        assertThat(unlimited.spent(0, 1)).isEmpty();
    }

    @Test
    void remainingTokens_fewerThanNeeded_areFullForThatCallOnly() {
        tell("X-RateLimit-Remaining-Tokens", "500", "X-RateLimit-Reset-Tokens", "10s");

        assertThat(unlimited.spent(0, 500)).isEmpty();
        assertThat(unlimited.spent(0, 501)).hasValue("the provider has 500 tokens left for 10 s");
    }

    @Test
    void remaining_callsBegunSince_areTakenOff() {
        tell("x-ratelimit-remaining-requests", "2", "x-ratelimit-reset-requests", "10s");
        unlimited.begin(0, 1);
        assertThat(unlimited.spent(0, 1)).isEmpty();
        unlimited.begin(0, 1);
        assertThat(unlimited.spent(0, 1)).hasValue("the provider has 0 requests left for 10 s");
        unlimited.begin(0, 1);
        tell("x-ratelimit-remaining-requests", "1", "x-ratelimit-reset-requests", "10s");

        assertThat(unlimited.spent(0, 1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"requests", "tokens", "input-tokens", "output-tokens"})
    void anthropicRemaining_nothing_isFullUntilTheTimestamp(String kind) {
        tell(
                "anthropic-ratelimit-" + kind + "-remaining",
                "0",
                "anthropic-ratelimit-" + kind + "-reset",
                "2026-11-27T12:00:07Z");

        assertThat(unlimited.until(0, 1)).isEqualTo(Duration.ofSeconds(7));
        assertThat(unlimited.spent(0, 1))
                .hasValue("the provider has 0 %s left for 7 s".formatted(kind.replace('-', ' ')));
        assertThat(unlimited.spent(7 * SECOND, 1)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-27T13:00:30+01:00, 30",
        "2026-11-27T11:00:00Z, 0",
        "9999-12-31T23:59:59Z, 120",
        "+999999999-12-31T23:59:59Z, 120",
        "tomorrow, 0",
        "12, 0",
        "2026-13-45T99:00:00Z, 0"
    })
    void anthropicReset_ofEveryForm_neverBlocksForLong(String reset, long seconds) {
        tell(
                "anthropic-ratelimit-requests-remaining",
                "0",
                "anthropic-ratelimit-requests-reset",
                reset);

        assertThat(unlimited.until(0, 1)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void headers_ofOtherNames_sayNothing() {
        tell("", "0", "x", "0");
        tell("x-ratelimit-remaining-", "0", "x-ratelimit-reset-", "9s");
        tell("x-ratelimit-remaining-requests-day", "0", "x-ratelimit-reset-requests-day", "9s");
        tell("anthropic-ratelimit-", "0", "anthropic-ratelimit-requests", "9s");

        assertThat(unlimited.spent(0, 1)).isEmpty();
    }

    @Test
    void limits_belowNothing_areRefused() {
        assertThatThrownBy(() -> new DeploymentLimits(-1, 0, 0)).hasMessageContaining("limits");
        assertThatThrownBy(() -> new DeploymentLimits(0, -1, 0)).hasMessageContaining("limits");
        assertThatThrownBy(() -> new DeploymentLimits(0, 0, -1)).hasMessageContaining("limits");
    }

    private void tell(String first, String value, String second, String other) {
        unlimited.told(0, Headers.of(Map.of(first, value, second, other)));
    }
}

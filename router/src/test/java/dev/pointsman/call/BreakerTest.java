package dev.pointsman.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.call.Breaker.State;
import dev.pointsman.policy.BreakerSettings;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;

class BreakerTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** The middle of every jitter that goes both ways. */
    private static final RandomGenerator MIDDLE = () -> Long.MIN_VALUE;

    private final Breaker breaker = new Breaker(BreakerSettings.DEFAULT, MIDDLE);
    private long now = -7 * SECOND;

    @Test
    void breaker_freshlyMade_letsCallsThrough() {
        assertThat(breaker.state(now)).isEqualTo(State.CLOSED);
        assertThat(breaker.admits(now)).isTrue();
        assertThat(breaker.enter(now)).isNotEqualTo(Breaker.SHUT);
    }

    @Test
    void breaker_fiveFailuresInARow_opensForTenSeconds() {
        fail(4);
        assertThat(breaker.state(now)).isEqualTo(State.CLOSED);
        fail(1);

        assertThat(breaker.state(now)).isEqualTo(State.OPEN);
        assertThat(breaker.admits(now)).isFalse();
        assertThat(breaker.enter(now)).isEqualTo(Breaker.SHUT);
        assertThat(breaker.openFor(now)).isEqualTo(10 * SECOND);
        assertThat(breaker.state(now + 10 * SECOND - 1)).isEqualTo(State.OPEN);
        assertThat(breaker.state(now + 10 * SECOND)).isEqualTo(State.HALF_OPEN);
    }

    @Test
    void breaker_aSuccessAmongFailures_startsTheRowAnew() {
        fail(4);
        succeed(1);
        fail(4);

        assertThat(breaker.state(now)).isEqualTo(State.CLOSED);
    }

    @Test
    void breaker_halfOfTwentyCallsFailing_opens() {
        for (int i = 0; i < 9; i++) {
            fail(1);
            succeed(1);
        }
        succeed(1);
        assertThat(breaker.state(now)).isEqualTo(State.CLOSED);
        fail(1);

        assertThat(breaker.state(now)).isEqualTo(State.OPEN);
    }

    @Test
    void breaker_lessThanTheShareFailing_staysClosed() {
        for (int i = 0; i < 100; i++) {
            fail(1);
            succeed(2);
        }

        assertThat(breaker.state(now)).isEqualTo(State.CLOSED);
    }

    @Test
    void breaker_failuresOlderThanTheWindow_areForgotten() {
        for (int i = 0; i < 9; i++) {
            succeed(1);
            fail(1);
        }
        now += 31 * SECOND;
        for (int i = 0; i < 9; i++) {
            succeed(1);
            fail(1);
        }

        assertThat(breaker.state(now)).isEqualTo(State.CLOSED);
    }

    @Test
    void breaker_callsWithoutVerdict_countForNothing() {
        fail(4);
        for (int i = 0; i < 100; i++) {
            breaker.left(breaker.enter(now));
        }
        assertThat(breaker.state(now)).isEqualTo(State.CLOSED);
        fail(1);

        assertThat(breaker.state(now)).isEqualTo(State.OPEN);
    }

    @Test
    void case44_providerThatComesBack_getsOneCallThenTwoFourEightAndAll() {
        fail(5);
        now += 10 * SECOND;
        for (int places : new int[] {1, 2, 4, 8}) {
            assertThat(breaker.state(now)).isEqualTo(State.HALF_OPEN);
            long[] entries = new long[places];
            for (int i = 0; i < places; i++) {
                assertThat(breaker.admits(now)).isTrue();
                entries[i] = breaker.enter(now);
            }
            assertThat(breaker.admits(now)).isFalse();
            assertThat(breaker.enter(now)).isEqualTo(Breaker.SHUT);
            for (long entry : entries) {
                breaker.succeeded(entry, now);
            }
        }

        assertThat(breaker.state(now)).isEqualTo(State.CLOSED);
    }

    @Test
    void ramp_trialsThatLeave_giveTheirPlacesBack() {
        fail(5);
        now += 10 * SECOND;
        for (int i = 0; i < 100; i++) {
            long entry = breaker.enter(now);
            assertThat(entry).isNotEqualTo(Breaker.SHUT);
            assertThat(breaker.admits(now)).isFalse();
            breaker.left(entry);
        }
        succeed(15);

        assertThat(breaker.state(now)).isEqualTo(State.CLOSED);
    }

    @Test
    void ramp_failure_opensForTwiceAsLongUpToTheLongest() {
        fail(5);
        for (long seconds : new long[] {10, 20, 40, 80, 160, 300, 300}) {
            assertThat(breaker.openFor(now)).isEqualTo(seconds * SECOND);
            now += breaker.openFor(now);
            succeed(3);
            fail(1);
            assertThat(breaker.state(now)).isEqualTo(State.OPEN);
        }
    }

    @Test
    void breaker_openingSoonAfterItClosed_staysOpenForTwiceAsLong() {
        openAndClose();
        now += 299 * SECOND;
        fail(5);

        assertThat(breaker.openFor(now)).isEqualTo(20 * SECOND);
    }

    @Test
    void breaker_closedForTheLongestTime_beginsWithTheShortestAgain() {
        openAndClose();
        now += 300 * SECOND;
        fail(5);

        assertThat(breaker.openFor(now)).isEqualTo(10 * SECOND);
    }

    @Test
    void failure_withRetryAfter_opensAtOnceForAtLeastSoLong() {
        breaker.failed(breaker.enter(now), now, Duration.ofSeconds(2));

        assertThat(breaker.state(now)).isEqualTo(State.OPEN);
        assertThat(breaker.openFor(now)).isBetween(2 * SECOND, 2_400_000_000L);
    }

    @Test
    void failure_withRetryAfterOfADay_opensForTheLongestTime() {
        breaker.failed(breaker.enter(now), now, Duration.ofDays(1_000_000));

        assertThat(breaker.openFor(now)).isBetween(300 * SECOND, 360 * SECOND);
    }

    @Test
    void failure_withRetryAfterOfNothingOrLess_isAPlainFailure() {
        breaker.failed(breaker.enter(now), now, Duration.ZERO);
        breaker.failed(breaker.enter(now), now, Duration.ofSeconds(-5));

        assertThat(breaker.state(now)).isEqualTo(State.CLOSED);
    }

    @Test
    void failure_withShortRetryAfterThatOpensAnyway_opensForItsOwnTime() {
        fail(4);
        breaker.failed(breaker.enter(now), now, Duration.ofSeconds(1));

        assertThat(breaker.openFor(now)).isEqualTo(10 * SECOND);
    }

    @Test
    void shut_closed_opensAtOnce() {
        breaker.shut(now, Duration.ofMinutes(1));

        assertThat(breaker.admits(now)).isFalse();
        assertThat(breaker.openFor(now)).isBetween(60 * SECOND, 72 * SECOND);
    }

    @Test
    void shut_openForLonger_shortensNothing() {
        fail(5);
        long until = now + breaker.openFor(now);
        breaker.shut(now, Duration.ofSeconds(1));
        assertThat(now + breaker.openFor(now)).isEqualTo(until);
        breaker.shut(now, Duration.ofSeconds(30));

        assertThat(breaker.openFor(now)).isBetween(30 * SECOND, 36 * SECOND);
    }

    @Test
    void shut_withATrialUnderWay_leaksNoPlace() {
        fail(5);
        now += 10 * SECOND;
        long trial = breaker.enter(now);
        breaker.shut(now, Duration.ofSeconds(1));
        breaker.left(trial);
        now += breaker.openFor(now);
        succeed(15);

        assertThat(breaker.state(now)).isEqualTo(State.CLOSED);
    }

    @Test
    void lateFailures_ofCallsFromBeforeItOpened_doNotProlong() {
        long late = breaker.enter(now);
        long later = breaker.enter(now);
        fail(5);
        long until = now + breaker.openFor(now);
        now += SECOND;
        breaker.failed(late, now, Duration.ofMinutes(4));
        assertThat(now + breaker.openFor(now)).isEqualTo(until);
        now = until;
        breaker.failed(later, now);

        assertThat(breaker.state(now)).isEqualTo(State.HALF_OPEN);
    }

    @Test
    void lateEndings_duringTheRamp_neitherClimbNorFreeAPlace() {
        long succeeds = breaker.enter(now);
        long leaves = breaker.enter(now);
        fail(5);
        now += 10 * SECOND;
        long trial = breaker.enter(now);
        breaker.succeeded(succeeds, now);
        breaker.left(leaves);

        assertThat(trial).isNotEqualTo(Breaker.SHUT);
        assertThat(breaker.admits(now)).isFalse();
    }

    @Test
    void case44_timesLeftAlone_varyByAFifthEitherWay() {
        long least = Long.MAX_VALUE;
        long most = 0;
        Random random = new Random(20_261_127);
        for (int i = 0; i < 1_000; i++) {
            Breaker one = new Breaker(BreakerSettings.DEFAULT, random);
            for (int failure = 0; failure < 5; failure++) {
                one.failed(one.enter(now), now);
            }
            least = Math.min(least, one.openFor(now));
            most = Math.max(most, one.openFor(now));
        }

        assertThat(least).isBetween(8 * SECOND, 8_050_000_000L);
        assertThat(most).isBetween(11_950_000_000L, 12 * SECOND);
    }

    @Test
    void settings_thatMakeNoSense_areRefused() {
        assertThatThrownBy(() -> settings(0, 0.5, 20, 30, 10, 300))
                .hasMessageContaining("failures");
        assertThatThrownBy(() -> settings(5, 0, 20, 30, 10, 300)).hasMessageContaining("share");
        assertThatThrownBy(() -> settings(5, Double.NaN, 20, 30, 10, 300))
                .hasMessageContaining("share");
        assertThatThrownBy(() -> settings(5, 1.1, 20, 30, 10, 300)).hasMessageContaining("share");
        assertThatThrownBy(() -> settings(5, 0.5, 0, 30, 10, 300)).hasMessageContaining("calls");
        assertThatThrownBy(() -> settings(5, 0.5, 20, 0, 10, 300)).hasMessageContaining("window");
        assertThatThrownBy(() -> settings(5, 0.5, 20, 30, 0, 300)).hasMessageContaining("open");
        assertThatThrownBy(() -> settings(5, 0.5, 20, 30, 10, 9)).hasMessageContaining("longest");
        assertThatThrownBy(() -> settings(5, 0.5, 20, 30, 10, 86_401))
                .hasMessageContaining("longest");
    }

    private static BreakerSettings settings(
            int failures, double share, int calls, int window, int open, int longest) {
        return new BreakerSettings(
                failures,
                share,
                calls,
                Duration.ofSeconds(window),
                Duration.ofSeconds(open),
                Duration.ofSeconds(longest));
    }

    private void openAndClose() {
        fail(5);
        now += breaker.openFor(now);
        succeed(15);
        assertThat(breaker.state(now)).isEqualTo(State.CLOSED);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            long entry = breaker.enter(now);
            assertThat(entry).isNotEqualTo(Breaker.SHUT);
            breaker.failed(entry, now);
        }
    }

    private void succeed(int times) {
        for (int i = 0; i < times; i++) {
            long entry = breaker.enter(now);
            assertThat(entry).isNotEqualTo(Breaker.SHUT);
            breaker.succeeded(entry, now);
        }
    }
}

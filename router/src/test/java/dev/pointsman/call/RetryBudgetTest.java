package dev.pointsman.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.policy.RetryShare;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

class RetryBudgetTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void budget_ofAnIdleUpstream_allowsTheFloorOfTenSeconds() {
        RetryBudget budget = new RetryBudget(RetryShare.DEFAULT);
        budget.requested(0);

        assertThat(taken(budget, 0, 100)).isEqualTo(30);
        assertThat(taken(budget, 10 * SECOND - 1, 100)).isZero();
        assertThat(taken(budget, 10 * SECOND, 100)).isEqualTo(30);
    }

    @Test
    void budget_ofABusyUpstream_allowsAFifthOfTheRequests() {
        RetryBudget budget = new RetryBudget(RetryShare.DEFAULT);
        for (int i = 0; i < 1_000; i++) {
            budget.requested(-SECOND + i * SECOND / 1_000);
        }

        assertThat(taken(budget, 0, 1_000)).isEqualTo(200);
    }

    @Test
    void budget_requestsOlderThanTenSeconds_giveNoRoom() {
        RetryBudget budget = new RetryBudget(new RetryShare(0.5, 0));
        for (int i = 0; i < 100; i++) {
            budget.requested(0);
        }

        assertThat(taken(budget, 10 * SECOND, 100)).isZero();
    }

    @Test
    void budget_ofNothing_allowsNoRepeat() {
        RetryBudget budget = new RetryBudget(new RetryShare(0, 0));
        budget.requested(0);

        assertThat(budget.repeat(0)).isFalse();
    }

    @Test
    void budget_underRandomTraffic_allowsWhatTheFullRecordAllows() {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < 50; run++) {
            double share = random.nextDouble();
            int perSecond = random.nextInt(3);
            RetryBudget budget = new RetryBudget(new RetryShare(share, perSecond));
            List<Long> requests = new ArrayList<>();
            List<Long> repeats = new ArrayList<>();
            long now = random.nextLong(-100 * SECOND, 100 * SECOND);
            for (int step = 0; step < 1_000; step++) {
                now +=
                        random.nextInt(50) == 0
                                ? random.nextLong(15 * SECOND)
                                : random.nextLong(SECOND / 10);
                if (random.nextBoolean()) {
                    budget.requested(now);
                    requests.add(now);
                } else {
                    boolean room =
                            recent(repeats, now) + 1
                                    <= Math.max(share * recent(requests, now), perSecond * 10L);
                    assertThat(budget.repeat(now))
                            .as("seed %d, run %d, step %d", seed, run, step)
                            .isEqualTo(room);
                    if (room) {
                        repeats.add(now);
                    }
                }
            }
        }
    }

    @Test
    void outage_steadyTraffic_callsStayWithinSixFifthsOfTheRequests() {
        for (int rate : new int[] {15, 50, 500}) {
            Outage outage = new Outage(rate, 1);
            outage.run(300);

            assertThat(outage.ratio()).as("at %d/s", rate).isBetween(1.15, 1.2);
        }
    }

    @Test
    void outage_clientsThatTryThreeTimes_callsStayWithinEighteenFifthsOfTheirRequests() {
        for (int rate : new int[] {5, 15, 50, 200}) {
            Outage outage = new Outage(rate, 3);
            outage.run(300);

            assertThat(outage.ratio()).as("at %d/s", rate).isBetween(3.4, 3.6);
        }
    }

    @Test
    void outage_trafficInBursts_callsStayWithinSixFifthsOfTheRequests() {
        RetryBudget budget = new RetryBudget(new RetryShare(0.2, 0));
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        long now = 0;
        int requests = 0;
        int calls = 0;
        for (int burst = 0; burst < 500; burst++) {
            now += random.nextLong(20 * SECOND);
            for (int i = random.nextInt(100); i > 0; i--) {
                now += random.nextLong(SECOND / 20);
                budget.requested(now);
                requests++;
                calls += 1 + taken(budget, now, 2);
            }
        }

        assertThat((double) calls / requests).as("seed %d", seed).isLessThanOrEqualTo(1.2);
    }

    @Test
    void shares_thatMakeNoSense_areRefused() {
        assertThatThrownBy(() -> new RetryShare(-0.1, 3)).hasMessageContaining("share");
        assertThatThrownBy(() -> new RetryShare(1.1, 3)).hasMessageContaining("share");
        assertThatThrownBy(() -> new RetryShare(Double.NaN, 3)).hasMessageContaining("share");
        assertThatThrownBy(() -> new RetryShare(0.2, -1)).hasMessageContaining("perSecond");
    }

    private static long recent(List<Long> times, long now) {
        long second = Math.floorDiv(now, SECOND);
        return times.stream().filter(t -> Math.floorDiv(t, SECOND) > second - 10).count();
    }

    private static int taken(RetryBudget budget, long now, int wanted) {
        int taken = 0;
        for (int i = 0; i < wanted; i++) {
            taken += budget.repeat(now) ? 1 : 0;
        }
        return taken;
    }

    /**
     * An upstream that fails always. Every request is called once and then as often as the budget
     * has room for, three calls at most; its client asks again after a second, then two.
     */
    private static final class Outage {

        private record Asking(long at, int tries) {}

        /** From here to the end of the arrivals it is counted. */
        private static final long STEADY = 20 * SECOND;

        private final RetryBudget budget = new RetryBudget(RetryShare.DEFAULT);
        private final int rate;
        private final int clientTries;
        private long end;
        private long calls;
        private long clientRequests;

        Outage(int rate, int clientTries) {
            this.rate = rate;
            this.clientTries = clientTries;
        }

        void run(int seconds) {
            end = seconds * SECOND;
            PriorityQueue<Asking> due = new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));
            for (long i = 0; i < (long) seconds * rate; i++) {
                due.add(new Asking(i * SECOND / rate, 1));
            }
            while (!due.isEmpty()) {
                Asking asking = due.remove();
                serve(asking);
                if (asking.tries < clientTries) {
                    due.add(new Asking(asking.at + asking.tries * SECOND, asking.tries + 1));
                }
            }
        }

        private void serve(Asking asking) {
            budget.requested(asking.at);
            int made = 1;
            while (made < 3 && budget.repeat(asking.at)) {
                made++;
            }
            if (asking.at >= STEADY && asking.at < end) {
                calls += made;
                clientRequests += asking.tries == 1 ? 1 : 0;
            }
        }

        double ratio() {
            return (double) calls / clientRequests;
        }
    }
}

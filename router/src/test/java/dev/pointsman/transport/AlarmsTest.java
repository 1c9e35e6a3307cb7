package dev.pointsman.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.transport.Transport.Cancellable;

import io.netty.channel.DefaultEventLoop;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

class AlarmsTest {

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final Alarms alarms = new Alarms(loop);
    private final List<String> rung = new ArrayList<>();
    private final CountDownLatch last = new CountDownLatch(1);

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private void onLoop(Runnable action) throws InterruptedException, ExecutionException {
        loop.submit(action).get();
    }

    private void ring(String name) {
        rung.add(name);
    }

    private void awaitLast() throws InterruptedException {
        assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void alarms_ofOneDelay_ringInOrderWithoutTheCancelled() throws Exception {
        onLoop(() -> {
            Cancellable first = alarms.set(30, () -> ring("first"));
            alarms.set(30, () -> ring("second"));
            Cancellable third = alarms.set(30, () -> ring("third"));
            alarms.set(30, () -> ring("fourth"));
            alarms.set(60, last::countDown);
            first.cancel();
            third.cancel();
            third.cancel();
        });
        awaitLast();
        assertThat(rung).containsExactly("second", "fourth");
    }

    @Test
    void alarm_setAfterItsRowRang_ringsToo() throws Exception {
        onLoop(() ->
                alarms.set(
                        5,
                        () -> {
                            ring("first");
                            alarms.set(5, last::countDown);
                        }));
        awaitLast();
        assertThat(rung).containsExactly("first");
    }

    @Test
    void alarm_cancellingAnotherThatIsDue_keepsItFromRinging() throws Exception {
        onLoop(() -> {
            List<Cancellable> others = new ArrayList<>();
            alarms.set(10, () -> others.forEach(Cancellable::cancel));
            others.add(alarms.set(10, () -> ring("other")));
            alarms.set(40, last::countDown);
        });
        awaitLast();
        assertThat(rung).isEmpty();
    }

    @Test
    void alarm_anyDelay_neverRingsEarly() throws Exception {
        long[] early = {0};
        onLoop(() -> {
            for (int delay : new int[] {1, 3, 20, 1_025}) {
                long from = System.nanoTime();
                alarms.set(
                        delay,
                        () -> {
                            long took = System.nanoTime() - from;
                            early[0] += took < TimeUnit.MILLISECONDS.toNanos(delay) ? 1 : 0;
                            if (delay > 1_000) {
                                last.countDown();
                            }
                        });
            }
        });
        awaitLast();
        assertThat(early[0]).isZero();
    }
}

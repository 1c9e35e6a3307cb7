package dev.pointsman.bench.load;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Wakes each of its members every 40 ms, by one timer for all of them. Confined to the event loop.
 */
final class Ticks {

    static final int PERIOD_MILLIS = 40;

    /** Woken every 40 ms until it answers false. */
    interface Member {
        boolean tick();
    }

    private final EventLoop loop;
    private final List<List<Member>> slots = new ArrayList<>();
    private @Nullable Future<?> timer;
    private int slot;
    private int members;

    Ticks(EventLoop loop) {
        this.loop = loop;
        for (int i = 0; i < PERIOD_MILLIS; i++) {
            slots.add(new ArrayList<>());
        }
    }

    void add(Member member) {
        slots.get(slot).add(member);
        members++;
        if (timer == null) {
            timer = loop.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.MILLISECONDS);
        }
    }

    int members() {
        return members;
    }

    private void tick() {
        slot = (slot + 1) % PERIOD_MILLIS;
        List<Member> due = slots.get(slot);
        int before = due.size();
        due.removeIf(member -> !member.tick());
        members -= before - due.size();
        if (members == 0 && timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}

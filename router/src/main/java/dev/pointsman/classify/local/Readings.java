package dev.pointsman.classify.local;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Readings for use by turns, so that classifying allocates nothing and no thread, virtual ones
 * included, keeps one. Thread-safe; never waits: where all are taken, one more is made and
 * forgotten.
 */
final class Readings {

    private static final int SLOTS = 2 * Runtime.getRuntime().availableProcessors();

    private final Language language;
    private final AtomicReferenceArray<Reading> idle = new AtomicReferenceArray<>(SLOTS);

    Readings(Language language) {
        this.language = language;
    }

    Reading take() {
        int first = slot();
        for (int i = 0; i < SLOTS; i++) {
            Reading reading = idle.getAndSet((first + i) % SLOTS, null);
            if (reading != null) {
                return reading;
            }
        }
        return language.newReading();
    }

    void giveBack(Reading reading) {
        int first = slot();
        for (int i = 0; i < SLOTS; i++) {
            if (idle.compareAndSet((first + i) % SLOTS, null, reading)) {
                return;
            }
        }
    }

    private static int slot() {
        return (int) (Thread.currentThread().threadId() % SLOTS);
    }
}

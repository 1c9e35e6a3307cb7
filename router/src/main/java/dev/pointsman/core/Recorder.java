package dev.pointsman.core;

/** Where settled requests are written down. Implementations are thread-safe. */
@FunctionalInterface
public interface Recorder {

    /** Keeps nothing. */
    Recorder NONE = entry -> {};

    /** Takes an entry and returns at once: never blocks, never throws because a store is down. */
    void record(Entry entry);
}

package dev.pointsman.access;

/**
 * Where the keys of callers are known. Thread-safe; answers from memory and never waits: with what
 * was last known good while the keys' store cannot be read.
 */
@FunctionalInterface
public interface AccessKeys {

    /** No keys, and none needed. */
    AccessKeys NONE = () -> KeyRing.EMPTY;

    /** The keys as last known; the same object until they change. */
    KeyRing current();
}

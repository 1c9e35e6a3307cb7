package dev.pointsman.ledger;

import dev.pointsman.access.AccessKey;
import dev.pointsman.access.AccessKeys;
import dev.pointsman.access.KeyRing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The keys of a store as last read, which a thread of its own does every {@link #INTERVAL}: so long
 * after it was made a key lets its caller in, and so long after it was revoked no more.
 *
 * <p>While the store cannot be read, the last keys known hold on; at the start, those of a file in
 * which they are kept, hashes only. Where there is no such file either, callers need a key until it
 * is known that there is none. Once there was a key, callers need one for as long as this lives,
 * whatever becomes of the store. Thread-safe.
 */
public final class StoredKeys implements AccessKeys, AutoCloseable {

    /** How often the store is read. */
    public static final Duration INTERVAL = Duration.ofSeconds(2);

    private static final long CLOSE_SECONDS = 3;
    private static final System.Logger LOG = System.getLogger("dev.pointsman.ledger");

    private final KeyStore store;
    private final KnownKeys known;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    work -> Thread.ofPlatform().daemon().name("pointsman-keys").unstarted(work));
    private final Warnings warnings = new Warnings();
    private volatile KeyRing ring = KeyRing.EMPTY;
    private boolean hadKeys;
    private Optional<List<AccessKey>> last = Optional.empty();
    private Optional<List<AccessKey>> kept = Optional.empty();

    private StoredKeys(KeyStore store, KnownKeys known) {
        this.store = store;
        this.known = known;
    }

    /**
     * Reads the keys, from the store or from what is known of it, and goes on reading.
     *
     * @param store closed with this
     * @param folder where the last keys known are kept
     */
    public static StoredKeys open(KeyStore store, Path folder) {
        return open(store, folder, INTERVAL);
    }

    static StoredKeys open(KeyStore store, Path folder, Duration interval) {
        Path file = folder.resolve("keys-" + store.fileName() + ".tsv");
        StoredKeys keys = new StoredKeys(store, new KnownKeys(file));
        keys.begin(interval);
        return keys;
    }

    private void begin(Duration interval) {
        try {
            kept = known.read();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "The last known keys cannot be read: {0}", e);
        }
        try {
            take(store.keys());
        } catch (LedgerException e) {
            ring = kept.map(KeyRing::of).orElse(KeyRing.LOCKED);
            hadKeys = kept.filter(keys -> !keys.isEmpty()).isPresent();
            warnings.tell(() ->
                    e.getMessage()
                            + (kept.isPresent()
                                    ? ". Those last known hold meanwhile, from " + known.file()
                                    : ". None are known from before: callers need a key until it"
                                            + " is known that there is none"));
        }
        thread.scheduleWithFixedDelay(
                this::refresh, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void refresh() {
        try {
            take(store.keys());
        } catch (RuntimeException e) {
            warnings.tell(() -> e.getMessage() + ". Those last known hold meanwhile");
        }
    }

    private void take(List<AccessKey> keys) {
        if (last.filter(keys::equals).isEmpty()) {
            ring = keys.isEmpty() && hadKeys ? gone() : KeyRing.of(keys);
            hadKeys |= !keys.isEmpty();
            last = Optional.of(keys);
        }
        keep(keys);
    }

    private KeyRing gone() {
        warnings.tell(() ->
                "The keys are gone from "
                        + store.name()
                        + ": callers are refused until there is one");
        return KeyRing.LOCKED;
    }

    private void keep(List<AccessKey> keys) {
        if (kept.filter(keys::equals).isPresent()) {
            return;
        }
        try {
            known.write(keys);
            kept = Optional.of(keys);
        } catch (IOException e) {
            warnings.tell(() ->
                    "The keys cannot be kept in "
                            + known.file()
                            + ": "
                            + e
                            + ". A gateway that starts while their store is down would not know"
                            + " them");
        }
    }

    @Override
    public KeyRing current() {
        return ring;
    }

    /** Waits a moment for a reading under way. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
        store.close();
    }
}

package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.access.AccessKey;
import dev.pointsman.access.Grant;
import dev.pointsman.access.KeyRing;
import dev.pointsman.budget.Limit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What every store of keys must do. */
abstract class KeyStoreContract {

    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Grant FULL =
            Grant.ALL
                    .budget(Limit.of("0.25usd/month"))
                    .perMinute(60, 100_000)
                    .models("openai/*", "haiku", "anthropic/claude-opus-4-5")
                    .categories("triage", "generation");

    @TempDir Path folder;

    private KeyStore store;

    /** On a database that has nothing in it. */
    abstract KeyStore store() throws Exception;

    /** One more on the same database. */
    abstract KeyStore another();

    /** The database cannot be read from now on. */
    abstract void down() throws Exception;

    abstract void up() throws Exception;

    abstract List<Map<String, Object>> query(String sql) throws Exception;

    abstract void execute(String sql) throws Exception;

    @BeforeEach
    void open() throws Exception {
        store = store();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static AccessKey key(String name) {
        return AccessKey.of(name, "pm-text-of-" + name, Grant.ALL, AT);
    }

    @Test
    void key_withEveryLimit_isReadBack_withoutItsText() throws Exception {
        AccessKey full = AccessKey.of("full", "pm-text-of-full", FULL, AT);
        store.create(full);
        store.create(AccessKey.of("plain", "pm-text-of-plain", Grant.ALL, AT.plusMillis(1)));

        assertThat(another().keys())
                .containsExactly(
                        full,
                        AccessKey.of("plain", "pm-text-of-plain", Grant.ALL, AT.plusMillis(1)));
        assertThat(query("SELECT * FROM api_key WHERE name = 'full'").getFirst())
                .containsEntry("budget", "0.25usd/month")
                .containsEntry("created_ms", AT.toEpochMilli())
                .allSatisfy((column, value) ->
                        assertThat(String.valueOf(value)).doesNotContain("pm-text"));
    }

    @Test
    void keys_whereThereIsNoLedger_areNone() {
        assertThat(store.keys()).isEmpty();
        assertThatThrownBy(() -> store.revoke("ci", AT))
                .isInstanceOf(LedgerException.class)
                .hasMessageStartingWith("there is no key \"ci\" in ");
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void name_thatIsTaken_isFreeAgainOnceItsKeyIsRevoked() {
        store.create(key("ci"));
        assertThatThrownBy(() -> another().create(AccessKey.of("ci", "pm-another", Grant.ALL, AT)))
                .isInstanceOf(LedgerException.class)
                .hasMessage("there is a key \"ci\" already: take another name, or revoke it first");

        assertThat(store.revoke("ci", AT.plusSeconds(1))).isEqualTo(key("ci"));
        AccessKey next = AccessKey.of("ci", "pm-another", Grant.ALL, AT.plusSeconds(2));
        store.create(next);

        assertThat(another().keys()).containsExactly(key("ci").revokedAt(AT.plusSeconds(1)), next);
        assertThat(store.revoke("ci", AT.plusSeconds(3))).isEqualTo(next);
    }

    @Test
    void revoking_whatIsNotThere_saysTheNearest_orSinceWhen() {
        store.create(key("desktops"));
        store.create(key("gone"));
        store.revoke("gone", AT.plusSeconds(1));

        assertThatThrownBy(() -> store.revoke("desktop", AT))
                .isInstanceOf(LedgerException.class)
                .hasMessageEndingWith("; did you mean \"desktops\"?");
        assertThatThrownBy(() -> store.revoke("gone", AT))
                .isInstanceOf(LedgerException.class)
                .hasMessage("the key \"gone\" was revoked already, at 2026-03-01T10:00:01.123Z");
    }

    @Test
    void keysOfOneName_madeAtOnce_areOne() throws Exception {
        List<Callable<Boolean>> all =
                IntStream.range(0, 8)
                        .mapToObj(i -> (Callable<Boolean>) () -> made("pm-" + i))
                        .toList();
        int made = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> one : threads.invokeAll(all)) {
                made += one.get() ? 1 : 0;
            }
        }

        assertThat(made).isEqualTo(1);
        assertThat(store.keys()).hasSize(1);
    }

    private boolean made(String text) {
        try {
            store.create(AccessKey.of("ci", text, Grant.ALL, AT));
            return true;
        } catch (LedgerException e) {
            assertThat(e).hasMessageContaining("already");
            return false;
        }
    }

    @Test
    void storedKeys_followTheStore() throws Exception {
        try (StoredKeys keys = StoredKeys.open(another(), folder, SOON)) {
            assertThat(keys.current().isNeeded()).isFalse();

            store.create(key("ci"));
            await(keys, ring -> ring.find("pm-text-of-ci").isPresent());
            KeyRing before = keys.current();
            store.revoke("ci", AT);
            await(keys, ring -> ring.find("pm-text-of-ci").orElseThrow().isRevoked());

            assertThat(keys.current()).isNotSameAs(before);
            assertThat(keys.current().isNeeded()).isTrue();
        }
    }

    @Test
    void storedKeys_holdOnWhileTheStoreIsDown_andGoOnAfter() throws Exception {
        store.create(key("ci"));
        try (StoredKeys keys = StoredKeys.open(another(), folder, SOON)) {
            down();
            assertThatThrownBy(() -> store.keys())
                    .isInstanceOf(LedgerException.class)
                    .hasMessageStartingWith("Cannot read the keys in ");
            assertThat(keys.current().find("pm-text-of-ci")).isPresent();

            up();
            store.create(key("next"));
            await(keys, ring -> ring.find("pm-text-of-next").isPresent());
        }
    }

    @Test
    void storedKeys_openedWhileTheStoreIsDown_areThoseLastKnown() throws Exception {
        AccessKey full = AccessKey.of("full", "pm-text-of-full", FULL, AT);
        store.create(full);
        store.create(key("gone"));
        store.revoke("gone", AT);
        StoredKeys.open(another(), folder, SOON).close();
        Path file = file();
        assertThat(Files.readString(file)).doesNotContain("pm-text");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        down();
        try (StoredKeys keys = StoredKeys.open(another(), folder, SOON)) {
            assertThat(keys.current().find("pm-text-of-full")).contains(full);
            assertThat(keys.current().find("pm-text-of-gone").orElseThrow().isRevoked()).isTrue();

            up();
            store.create(key("next"));
            await(keys, ring -> ring.find("pm-text-of-next").isPresent());
        }
    }

    @Test
    void storedKeys_openedWhileNothingIsKnown_letNobodyInUntilItIsKnown() throws Exception {
        store.create(key("ci"));
        store.revoke("ci", AT);
        down();
        try (StoredKeys keys = StoredKeys.open(another(), folder, SOON)) {
            assertThat(keys.current()).isSameAs(KeyRing.LOCKED);

            up();
            await(keys, ring -> ring.find("pm-text-of-ci").isPresent());
        }
    }

    @Test
    void storedKeys_thatVanish_leaveTheDoorShut() throws Exception {
        store.create(key("ci"));
        try (StoredKeys keys = StoredKeys.open(another(), folder, SOON)) {
            execute("DELETE FROM api_key");
            await(keys, ring -> ring.find("pm-text-of-ci").isEmpty());

            assertThat(keys.current().isNeeded()).isTrue();
        }
    }

    private Path file() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(path -> path.toString().endsWith(".tsv")).toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }

    private static void await(StoredKeys keys, Predicate<KeyRing> condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.test(keys.current())) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}

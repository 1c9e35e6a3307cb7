package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.core.Entry;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

class RollupsTest {

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("ledger.db");
    }

    @Test
    void reportsOfRollups_equalThoseOfRequests() {
        long seed = RandomEntries.seed();
        record(new RandomEntries(seed).entries(3_000));

        try (LedgerReader reader = LedgerReader.open(file)) {
            BothWays.assertSame(reader, seed);
        }
    }

    @Test
    void severalLedgers_writingTheSameHours_loseNothing() {
        long seed = RandomEntries.seed();
        RandomEntries random = new RandomEntries(seed);
        try (SqliteLedger one = SqliteLedger.open(file, LedgerOptions.defaults());
                SqliteLedger other = SqliteLedger.open(file, LedgerOptions.defaults())) {
            for (int i = 0; i < 20; i++) {
                random.entries(20).forEach(one::record);
                random.entries(20).forEach(other::record);
                assertThat(one.flush(Duration.ofSeconds(20))).isTrue();
            }
        }

        try (LedgerReader reader = LedgerReader.open(file)) {
            BothWays.assertSame(reader, seed);
        }
    }

    @Test
    void fileWithoutRollups_hasThemAfterMigration() throws Exception {
        long seed = RandomEntries.seed();
        record(new RandomEntries(seed).entries(500));
        try (Connection connection = Sqlite.open(file);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE rollup");
            statement.execute("DROP TABLE kept");
            statement.execute("PRAGMA user_version = 3");
        }

        new SqliteStore(file).connect();

        try (LedgerReader reader = LedgerReader.open(file)) {
            assertThat(Sqlite.query(file, "SELECT key FROM rollup")).isNotEmpty();
            BothWays.assertSame(reader, seed);
        }
    }

    @Test
    void daysOfAZoneHalfAnHourOff_areToldByTheRequests() {
        record(
                List.of(
                        Entries.answered("a", at("2026-11-23T18:29:59.999Z")),
                        Entries.answered("b", at("2026-11-23T18:30:00Z"))));

        try (LedgerReader reader = LedgerReader.open(file)) {
            assertThat(
                            reader.report(
                                            ReportQuery.by(
                                                    new Grouping.Day(ZoneId.of("Asia/Kolkata"))))
                                    .rows())
                    .extracting(ReportRow::key)
                    .containsExactly("2026-11-23", "2026-11-24");
        }
    }

    @Test
    void newerSchema_setWhileTheFileIsOpen_isWrittenNoMore() throws Exception {
        try (SqliteStore store = new SqliteStore(file)) {
            store.write(List.of(Entries.rows(Entries.simple("id-1"))));
            try (Connection connection = Sqlite.open(file);
                    Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA user_version = 99");
            }

            assertThatThrownBy(() -> store.write(List.of(Entries.rows(Entries.simple("id-2")))))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("has schema 99");
        }
        assertThat(Sqlite.query(file, "SELECT id FROM request")).hasSize(1);
    }

    private static Instant at(String text) {
        return Instant.parse(text);
    }

    private void record(List<Entry> entries) {
        try (SqliteLedger ledger = SqliteLedger.open(file, LedgerOptions.defaults())) {
            entries.forEach(ledger::record);
        }
    }
}

package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pointsman.core.Entry;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;

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

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void fileWithoutRollups_orWithoutThoseOfKeys_hasThemAfterMigration(int version)
            throws Exception {
        long seed = RandomEntries.seed();
        record(new RandomEntries(seed).entries(500));
        Path old = folder.resolve("old.db");
        copy(file, old, version);

        new SqliteStore(old).connect();

        try (LedgerReader reader = LedgerReader.open(old)) {
            assertThat(Sqlite.query(old, "SELECT key FROM rollup WHERE dimension = 'key'"))
                    .isNotEmpty();
            BothWays.assertSame(reader, seed);
            assertThat(reader.report(ReportQuery.by(new Grouping.Key())).rows())
                    .extracting(ReportRow::key, ReportRow::requests)
                    .containsExactly(tuple(Grouping.NONE, 500L));
        }
    }

    /** As that version of the schema would have written it. */
    private static void copy(Path from, Path to, int version) throws Exception {
        try (Connection connection = Sqlite.open(to);
                Statement statement = connection.createStatement()) {
            Schema.migrate(connection, to, version);
            statement.execute("ATTACH '" + from + "' AS new");
            for (String table : List.of("kind", "entry", "call", "rollup")) {
                String columns =
                        Sqlite.query(connection, "PRAGMA main.table_info(" + table + ")").stream()
                                .map(column -> String.valueOf(column.get("name")))
                                .collect(Collectors.joining(", "));
                if (!columns.isEmpty()) {
                    statement.execute(
                            "INSERT INTO main.%1$s (%2$s) SELECT %2$s FROM new.%1$s%3$s"
                                    .formatted(
                                            table,
                                            columns,
                                            table.equals("rollup")
                                                    ? " WHERE dimension <> 'key'"
                                                    : ""));
                }
            }
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

package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

class SqliteStoreTest extends StoreContract {

    private static final String REQUEST =
            "INSERT INTO request VALUES ('%s', %d, 0, x'0102', %s, 'code', 0.5, 'local', 0, 'a/b',"
                    + " %s, 7, 11, 12, 13, 14, 15, 0, %s, 0, %s, 'x/y', 900, 800, 300, %s, 'p1')";

    private static final List<String> OF_THE_FIRST_SCHEMA =
            List.of(
                    REQUEST.formatted(
                            "id-1",
                            2_000,
                            "x'03'",
                            "'c/d', 'c', 1, 'ok', NULL",
                            "17",
                            "'v1'",
                            "'me'"),
                    REQUEST.formatted(
                            "id-2",
                            1_000,
                            "NULL",
                            "NULL, NULL, 0, 'failed', 'timeout'",
                            "NULL",
                            "NULL",
                            "NULL"),
                    REQUEST.formatted(
                            "id-3",
                            3_000,
                            "NULL",
                            "NULL, NULL, 0, 'failed', 'timeout'",
                            "NULL",
                            "NULL",
                            "'you'"),
                    "INSERT INTO tag VALUES ('id-1', 'job', 'nightly'), ('id-1', 'say', '\"hi\""
                            + " \\'), ('id-3', 'job', 'nightly')",
                    "INSERT INTO attempt VALUES ('id-1', 1, 'answer', 'a', 'a/b', 1, 2, NULL, 0, 0,"
                            + " 0, 0, 0, 0, 0, NULL, 'timeout', 'late'), ('id-1', 2, 'answer', 'c',"
                            + " 'c/d', 3, 4, 5, 11, 12, 13, 14, 15, 0, 17, 'v1', NULL, NULL)",
                    "INSERT INTO content VALUES ('id-1', 1, 'user', 'hi')");

    @TempDir static Path folder;

    private Path file;

    @Override
    PrunableStore store() {
        file = folder.resolve("ledger-" + System.nanoTime() + ".db");
        return new SqliteStore(file);
    }

    @Override
    PrunableStore another() {
        return new SqliteStore(file);
    }

    @Override
    LedgerReader reader() {
        return LedgerReader.open(file);
    }

    @Override
    List<Map<String, Object>> query(String sql) throws SQLException {
        return Sqlite.query(file, sql);
    }

    @Test
    void newerSchema_isRefused() throws Exception {
        try (Connection connection = Sqlite.open(file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }

        assertThatThrownBy(() -> SqliteLedger.open(file, LedgerOptions.defaults()))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("has schema 99")
                .hasMessageContaining("update Pointsman");
        assertThatThrownBy(() -> LedgerReader.open(file))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("has schema 99");
    }

    @Test
    void emptyFile_isMigrated() throws Exception {
        Files.createFile(file);

        new SqliteStore(file).connect();

        assertThat(query("PRAGMA user_version").getFirst())
                .containsEntry("user_version", (long) Schema.VERSION);
        assertThat(query("PRAGMA journal_mode").getFirst()).containsEntry("journal_mode", "wal");
    }

    @Test
    void fileOfTheFirstSchema_showsTheSameAfterMigration() throws Exception {
        try (Connection connection = Sqlite.open(file);
                Statement statement = connection.createStatement()) {
            Schema.migrate(connection, file, 1);
            for (String sql : OF_THE_FIRST_SCHEMA) {
                statement.execute(sql);
            }
        }
        List<List<Map<String, Object>>> before = shown();

        new SqliteStore(file).connect();

        assertThat(before).allSatisfy(rows -> assertThat(rows).isNotEmpty());
        assertThat(shown()).isEqualTo(before);
        assertThat(query("SELECT number FROM kind")).hasSize(2);
        assertThat(query("PRAGMA foreign_key_check")).isEmpty();
        assertThat(query("PRAGMA integrity_check").getFirst())
                .containsEntry("integrity_check", "ok");
        assertThat(query("SELECT name FROM sqlite_schema WHERE name LIKE 'wide%'")).isEmpty();
    }

    @Test
    void fileOfTheFirstSchema_takesMoreAfterMigration() throws Exception {
        try (Connection connection = Sqlite.open(file);
                Statement statement = connection.createStatement()) {
            Schema.migrate(connection, file, 1);
            for (String sql : OF_THE_FIRST_SCHEMA) {
                statement.execute(sql);
            }
        }
        try (SqliteLedger ledger = SqliteLedger.open(file, LedgerOptions.defaults())) {
            ledger.record(Entries.simple("id-1"));
            ledger.record(Entries.simple("new"));
        }

        assertThat(query("SELECT id FROM request ORDER BY id"))
                .extracting(row -> row.get("id"))
                .containsExactly("id-1", "id-2", "id-3", "new");
        assertThat(query("SELECT number FROM attempt WHERE request_id = 'id-1'")).hasSize(2);
        try (LedgerReader reader = LedgerReader.open(file)) {
            assertThat(reader.report(ReportQuery.by(new Grouping.Tags())).rows())
                    .extracting(ReportRow::key, ReportRow::requests)
                    .containsExactly(tuple("job=nightly", 2L), tuple("say=\"hi\" \\", 1L));
        }
    }

    /** All that the first schema had. */
    private List<List<Map<String, Object>>> shown() throws SQLException {
        return List.of(
                query(
                        """
                        SELECT id, at_ms, practice, hex(task_hash), hex(session_hash), category, confidence, source,
                            unsure, chosen_model, answering_model, provider, fallback, outcome, failure_kind,
                            estimated_input, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
                            reasoning_tokens, tokens_estimated, cost_nanos, classification_nanos, price_version,
                            baseline_model, baseline_nanos, latency_ms, first_content_ms, caller, policy
                        FROM request ORDER BY id
                        """),
                query(
                        """
                        SELECT request_id, number, purpose, provider, model, start_ms, latency_ms, first_content_ms,
                            input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
                            tokens_estimated, cost_nanos, price_version, failure_kind, failure_message
                        FROM attempt ORDER BY request_id, number
                        """),
                query("SELECT * FROM tag ORDER BY request_id, key"),
                query("SELECT * FROM content ORDER BY request_id, number"));
    }

    @Test
    void fileThatIsNoDatabase_isRefused() throws Exception {
        Files.writeString(file, "not a database, but long enough to have a header".repeat(100));

        assertThatThrownBy(() -> SqliteLedger.open(file, LedgerOptions.defaults()))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("Cannot open the ledger at");
    }
}

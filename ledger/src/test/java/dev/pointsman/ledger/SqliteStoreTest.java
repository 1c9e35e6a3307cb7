package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    @TempDir static Path folder;

    private Path file;

    @Override
    Store store() {
        file = folder.resolve("ledger-" + System.nanoTime() + ".db");
        return new SqliteStore(file);
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
    void fileThatIsNoDatabase_isRefused() throws Exception {
        Files.writeString(file, "not a database, but long enough to have a header".repeat(100));

        assertThatThrownBy(() -> SqliteLedger.open(file, LedgerOptions.defaults()))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("Cannot open the ledger at");
    }
}

package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.access.AccessKey;
import dev.pointsman.access.Grant;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class SqliteKeyStoreTest extends KeyStoreContract {

    private Path file() {
        return folder.resolve("data").resolve("ledger.db");
    }

    @Override
    KeyStore store() {
        return another();
    }

    @Override
    KeyStore another() {
        return KeyStore.open(file());
    }

    /** Something else is in its place. */
    @Override
    void down() throws Exception {
        Files.move(file(), folder.resolve("aside.db"));
        Files.writeString(file(), "no database, but long enough to have a header".repeat(100));
    }

    @Override
    void up() throws Exception {
        Files.delete(file());
        Files.move(folder.resolve("aside.db"), file());
    }

    @Override
    List<Map<String, Object>> query(String sql) throws Exception {
        return Sqlite.query(file(), sql);
    }

    @Override
    void execute(String sql) throws Exception {
        try (Connection connection = Sqlite.open(file());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void keys_whereThereIsNoFile_makeNone() {
        assertThat(KeyStore.open(file()).keys()).isEmpty();
        assertThat(file()).doesNotExist();
    }

    @Test
    void fileOfAnOlderSchema_hasNoKeys_andTakesThem() throws Exception {
        Files.createDirectories(file().getParent());
        try (Connection connection = Sqlite.open(file())) {
            Schema.migrate(connection, file(), 4);
        }
        KeyStore store = another();
        assertThat(store.keys()).isEmpty();

        store.create(AccessKey.of("ci", "pm-1", Grant.ALL, Instant.EPOCH));

        assertThat(store.keys()).hasSize(1);
        LedgerReader.open(file()).close();
    }
}

package dev.pointsman.ledger;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

class SqliteBookTest extends BookContract {

    @TempDir Path folder;
    private Connection lock;

    private Path file() {
        return folder.resolve("ledger.db");
    }

    @Override
    Store store() throws SQLException {
        SqliteStore store = new SqliteStore(file());
        store.connect();
        return store;
    }

    @Override
    Desk desk() {
        return new SqliteDesk(file());
    }

    @Override
    List<Map<String, Object>> query(String sql) throws SQLException {
        return Sqlite.query(file(), sql);
    }

    /** Someone else has the file's write lock. */
    @Override
    void down() throws Exception {
        lock = Sqlite.open(file());
        lock.createStatement().execute(SqliteFile.BEGIN);
    }

    @Override
    void up() throws Exception {
        lock.close();
    }
}

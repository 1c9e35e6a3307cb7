package dev.pointsman.ledger;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

class SqliteRepricingTest extends RepricingContract {

    @TempDir private Path folder;

    private Path file() {
        return folder.resolve("ledger.db");
    }

    @Override
    PrunableStore store() {
        return new SqliteStore(file());
    }

    @Override
    LedgerReader reader() {
        return LedgerReader.open(file());
    }

    @Override
    Repricing repricing() {
        return Repricing.open(file());
    }

    @Override
    Repricing dryRun() {
        return Repricing.dryRun(file());
    }

    @Override
    List<Map<String, Object>> query(String sql) throws SQLException {
        return Sqlite.query(file(), sql);
    }
}

package dev.pointsman.ledger;

import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;

class PostgresRepricingTest extends RepricingContract {

    private PostgresAddress address = PostgresAddress.of("postgresql://none/none");

    @Override
    PrunableStore store() throws SQLException {
        address = Postgres.database();
        return new PostgresStore(address, Clock.systemUTC());
    }

    @Override
    LedgerReader reader() {
        return LedgerReader.open(address);
    }

    @Override
    Repricing repricing() {
        return Repricing.open(address);
    }

    @Override
    Repricing dryRun() {
        return Repricing.dryRun(address);
    }

    @Override
    List<Map<String, Object>> query(String sql) throws SQLException {
        return Postgres.query(address, sql);
    }
}

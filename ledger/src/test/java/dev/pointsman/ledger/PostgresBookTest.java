package dev.pointsman.ledger;

import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;

class PostgresBookTest extends BookContract {

    private PostgresAddress address = PostgresAddress.of("postgresql://none/none");

    @Override
    Store store() throws SQLException {
        address = Postgres.database();
        return new PostgresStore(address, Clock.systemUTC());
    }

    @Override
    Desk desk() {
        return new PostgresDesk(address);
    }

    @Override
    List<Map<String, Object>> query(String sql) throws SQLException {
        return Postgres.query(address, sql);
    }

    @Override
    void down() throws Exception {
        Postgres.down(address);
    }

    @Override
    void up() throws Exception {
        Postgres.up(address);
    }
}

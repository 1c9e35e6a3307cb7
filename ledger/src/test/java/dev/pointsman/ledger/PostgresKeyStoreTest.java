package dev.pointsman.ledger;

import org.junit.jupiter.api.AfterEach;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class PostgresKeyStoreTest extends KeyStoreContract {

    private PostgresAddress address = PostgresAddress.of("postgresql://none/none");
    private final List<KeyStore> opened = new ArrayList<>();

    @AfterEach
    void closeAll() {
        opened.forEach(KeyStore::close);
    }

    @Override
    KeyStore store() throws Exception {
        address = Postgres.database();
        return another();
    }

    @Override
    KeyStore another() {
        KeyStore store = KeyStore.open(address);
        opened.add(store);
        return store;
    }

    @Override
    void down() throws Exception {
        Postgres.down(address);
    }

    @Override
    void up() throws Exception {
        Postgres.up(address);
    }

    @Override
    List<Map<String, Object>> query(String sql) throws Exception {
        return Postgres.query(address, sql);
    }

    @Override
    void execute(String sql) throws Exception {
        Postgres.execute(address, List.of(sql));
    }
}

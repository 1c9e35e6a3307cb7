package dev.pointsman.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import dev.pointsman.core.Secret;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;

/** Connections to a PostgreSQL database, pooled. Any number of threads may use it. */
final class PostgresDatabase implements AutoCloseable {

    private static final int CONNECTIONS = 4;

    /**
     * How long one is waited for, while the database is down or does not answer. One that takes
     * longer to make is there for whoever asks next.
     */
    private static final long CONNECT_MILLIS = 1_000;

    /** So that a server that vanished without a word is noticed; seconds, but for the last. */
    private static final Map<String, String> PATIENCE =
            Map.of("connectTimeout", "2", "socketTimeout", "60", "tcpKeepAlive", "true");

    private final HikariDataSource pool;
    private final String name;

    private PostgresDatabase(HikariDataSource pool, String name) {
        this.pool = pool;
        this.name = name;
    }

    /** Does not connect yet. */
    static PostgresDatabase at(PostgresAddress address) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("pointsman-ledger");
        config.setJdbcUrl(address.jdbcUrl());
        address.user().ifPresent(config::setUsername);
        address.password().map(Secret::reveal).ifPresent(config::setPassword);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(false);
        PATIENCE.forEach(config::addDataSourceProperty);
        return new PostgresDatabase(new HikariDataSource(config), address.toString());
    }

    /**
     * Auto-commit is off; what is not committed is undone when it is closed.
     *
     * @throws SQLException with the server's or the network's own words: the pool says only that it
     *     waited
     */
    Connection connect() throws SQLException {
        try {
            return pool.getConnection();
        } catch (SQLTransientConnectionException e) {
            throw e.getCause() instanceof SQLException cause ? cause : e;
        }
    }

    String name() {
        return name;
    }

    @Override
    public void close() {
        pool.close();
    }
}

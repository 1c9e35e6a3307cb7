package dev.pointsman.ledger;

import dev.pointsman.testing.PostgresServer;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL for all tests of a process, started when it is first asked for. */
final class Postgres {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private Postgres() {}

    private static final class Started {
        static final PostgresServer SERVER = start();

        private static PostgresServer start() {
            PostgresServer server = PostgresServer.start();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            return server;
        }
    }

    /** The address of a database that has nothing in it. */
    static PostgresAddress database() throws SQLException {
        String name = "ledger_" + DATABASES.incrementAndGet();
        int port = Started.SERVER.port();
        asOwner("CREATE DATABASE " + name);
        return PostgresAddress.of("postgresql://postgres:x@localhost:" + port + "/" + name);
    }

    static List<Map<String, Object>> query(PostgresAddress address, String sql)
            throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(address.jdbcUrl(), "postgres", "x")) {
            return Sqlite.query(connection, sql);
        }
    }

    static void execute(PostgresAddress address, List<String> statements) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(address.jdbcUrl(), "postgres", "x");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Breaks the database's connections, and lets nobody in until {@link #up}. */
    static void down(PostgresAddress address) throws SQLException {
        String name = name(address);
        asOwner("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
        asOwner(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                        + name
                        + "'");
    }

    static void up(PostgresAddress address) throws SQLException {
        asOwner("ALTER DATABASE " + name(address) + " ALLOW_CONNECTIONS true");
    }

    private static String name(PostgresAddress address) {
        return address.toString().substring(address.toString().lastIndexOf('/') + 1);
    }

    private static void asOwner(String sql) throws SQLException {
        PostgresAddress all = PostgresAddress.of(Started.SERVER.url());
        try (Connection connection = DriverManager.getConnection(all.jdbcUrl(), "postgres", "x");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

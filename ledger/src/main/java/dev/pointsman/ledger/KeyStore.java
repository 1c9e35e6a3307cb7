package dev.pointsman.ledger;

import dev.pointsman.access.AccessKey;
import dev.pointsman.policy.Nearest;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keys of callers, in the ledger's own database. Of a key only its hash is kept. Any number of
 * threads and processes may use it at once.
 */
public final class KeyStore implements AutoCloseable {

    private static final String ALL =
            "SELECT " + KeyRow.COLUMNS + " FROM api_key ORDER BY created_ms, name";

    private static final String INSERT =
            "INSERT INTO api_key (" + KeyRow.COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String REVOKE =
            "UPDATE api_key SET revoked_ms = ? WHERE name = ? AND revoked_ms IS NULL";

    private final KeyDatabase database;

    private KeyStore(KeyDatabase database) {
        this.database = database;
    }

    /** Opens nothing yet; the file is made when the first key is. */
    public static KeyStore open(Path file) {
        return new KeyStore(new KeyDatabase.Sqlite(file.toAbsolutePath()));
    }

    /** Does not connect yet. */
    public static KeyStore open(PostgresAddress address) {
        return new KeyStore(new KeyDatabase.Postgres(PostgresDatabase.at(address)));
    }

    /**
     * All keys, revoked ones too, the oldest first; none where there is no ledger yet.
     *
     * @throws LedgerException if they cannot be read
     */
    public List<AccessKey> keys() {
        try {
            return database.read(KeyStore::keys).orElse(List.of());
        } catch (SQLException | IllegalArgumentException e) {
            throw failed("read", e);
        }
    }

    /**
     * Keeps a key.
     *
     * @throws LedgerException if one of its name is not revoked, or it cannot be written
     */
    public void create(AccessKey key) {
        try {
            database.write(connection -> insert(connection, key));
        } catch (SQLException | IllegalArgumentException e) {
            throw failed("write", e);
        }
    }

    /**
     * Has a key let nobody in any more.
     *
     * @return the key as it was
     * @throws LedgerException if there is none of that name that is not revoked, or it cannot be
     *     written
     */
    public AccessKey revoke(String name, Instant at) {
        try {
            if (valid(keys(), name).isEmpty()) {
                throw unknown(keys(), name); // Without making a ledger only to say so.
            }
            return database.write(connection -> revoke(connection, name, at));
        } catch (SQLException | IllegalArgumentException e) {
            throw failed("write", e);
        }
    }

    private static List<AccessKey> keys(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ALL)) {
            List<AccessKey> keys = new ArrayList<>();
            while (row.next()) {
                keys.add(KeyRow.from(row));
            }
            return List.copyOf(keys);
        }
    }

    private AccessKey insert(Connection connection, AccessKey key) throws SQLException {
        if (valid(keys(connection), key.name()).isPresent()) {
            throw new LedgerException(
                    "there is a key \"%s\" already: take another name, or revoke it first"
                            .formatted(key.name()));
        }
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            KeyRow.bind(key, statement);
            statement.executeUpdate();
            return key;
        }
    }

    private AccessKey revoke(Connection connection, String name, Instant at) throws SQLException {
        List<AccessKey> keys = keys(connection);
        AccessKey key = valid(keys, name).orElseThrow(() -> unknown(keys, name));
        try (PreparedStatement statement = connection.prepareStatement(REVOKE)) {
            statement.setLong(1, at.toEpochMilli());
            statement.setString(2, name);
            statement.executeUpdate();
            return key;
        }
    }

    private static Optional<AccessKey> valid(List<AccessKey> keys, String name) {
        return keys.stream().filter(key -> key.name().equals(name) && !key.isRevoked()).findFirst();
    }

    private LedgerException unknown(List<AccessKey> keys, String name) {
        Optional<Instant> revoked =
                keys.stream()
                        .filter(key -> key.name().equals(name))
                        .flatMap(key -> key.revoked().stream())
                        .reduce((earlier, later) -> later);
        List<String> names =
                keys.stream().filter(key -> !key.isRevoked()).map(AccessKey::name).toList();
        return new LedgerException(
                revoked.map(at -> "the key \"%s\" was revoked already, at %s".formatted(name, at))
                        .orElseGet(() ->
                                "there is no key \"%s\" in %s%s"
                                        .formatted(
                                                name,
                                                database.name(),
                                                Nearest.to(name, names)
                                                        .map(near ->
                                                                "; did you mean \"" + near + "\"?")
                                                        .orElse(""))));
    }

    private LedgerException failed(String verb, Exception failure) {
        return new LedgerException(
                "Cannot %s the keys in %s: %s"
                        .formatted(verb, database.name(), RootCause.words(failure)),
                failure);
    }

    String name() {
        return database.name();
    }

    String fileName() {
        return database.fileName();
    }

    @Override
    public void close() {
        database.close();
    }
}

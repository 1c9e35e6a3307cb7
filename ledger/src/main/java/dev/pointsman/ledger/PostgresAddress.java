package dev.pointsman.ledger;

import dev.pointsman.core.Secret;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a PostgreSQL ledger is: {@code postgresql://user:password@host:port/database}, with the
 * driver's own parameters after a question mark ({@code sslmode=verify-full}, {@code
 * currentSchema=pointsman}). Without a password the driver looks into {@code ~/.pgpass}.
 *
 * @param jdbcUrl without user and password
 */
public record PostgresAddress(String jdbcUrl, Optional<String> user, Optional<Secret> password) {

    private static final String SCHEME = "postgresql";

    /** Whether the text means a database, and not a file. */
    public static boolean isMeantBy(String text) {
        return text.startsWith(SCHEME + "://") || text.startsWith("postgres://");
    }

    /**
     * @throws LedgerException if it cannot be read; the message does not quote it
     */
    public static PostgresAddress of(String text) {
        URI uri = uri(text);
        if (!isMeantBy(text) || uri.getHost() == null || uri.getPath().length() < 2) {
            throw unreadable();
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String[] login =
                uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
        return new PostgresAddress(
                "jdbc:" + SCHEME + "://" + uri.getHost() + port + uri.getRawPath() + query,
                login.length > 0 ? Optional.of(decoded(login[0])) : Optional.empty(),
                login.length > 1 ? Optional.of(Secret.of(decoded(login[1]))) : Optional.empty());
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw unreadable(); // Without the cause, which quotes the password.
        }
    }

    private static LedgerException unreadable() {
        return new LedgerException(
                "The ledger's address is not postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
                        + " (characters such as @ and / of a password are written %40 and %2F)");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Host, port and database. */
    @Override
    public String toString() {
        int query = jdbcUrl.indexOf('?');
        return jdbcUrl.substring("jdbc:".length(), query < 0 ? jdbcUrl.length() : query);
    }
}

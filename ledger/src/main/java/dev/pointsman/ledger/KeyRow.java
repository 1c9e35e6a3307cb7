package dev.pointsman.ledger;

import dev.pointsman.access.AccessKey;
import dev.pointsman.access.Grant;
import dev.pointsman.access.KeyHash;
import dev.pointsman.budget.Limit;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A key as a row of {@code api_key}. */
final class KeyRow {

    static final String COLUMNS =
            "hash, name, hint, budget, requests_per_minute, tokens_per_minute, models, categories,"
                    + " created_ms, revoked_ms";

    private KeyRow() {}

    static void bind(AccessKey key, PreparedStatement to) throws SQLException {
        Grant grant = key.grant();
        to.setBytes(1, key.hash().bytes());
        to.setString(2, key.name());
        to.setString(3, key.hint());
        to.setString(4, grant.budget().map(Limit::toString).orElse(null));
        to.setLong(5, grant.requestsPerMinute());
        to.setLong(6, grant.tokensPerMinute());
        to.setString(7, String.join(",", grant.models()));
        to.setString(8, String.join(",", grant.categories()));
        to.setLong(9, key.created().toEpochMilli());
        if (key.revoked().isPresent()) {
            to.setLong(10, key.revoked().get().toEpochMilli());
        } else {
            to.setNull(10, Types.BIGINT);
        }
    }

    static AccessKey from(ResultSet row) throws SQLException {
        long revoked = row.getLong(10);
        Optional<Instant> revokedAt =
                row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(revoked));
        Grant grant =
                new Grant(
                        Optional.ofNullable(row.getString(4)).map(Limit::of),
                        row.getLong(5),
                        row.getLong(6),
                        names(row.getString(7)),
                        names(row.getString(8)));
        return new AccessKey(
                row.getString(2),
                KeyHash.ofBytes(row.getBytes(1)),
                row.getString(3),
                grant,
                Instant.ofEpochMilli(row.getLong(9)),
                revokedAt);
    }

    static List<String> names(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split(","));
    }
}

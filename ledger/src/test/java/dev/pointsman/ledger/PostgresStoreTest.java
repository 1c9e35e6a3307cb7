package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pointsman.core.Money;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;

import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class PostgresStoreTest extends StoreContract {

    private PostgresAddress address = PostgresAddress.of("postgresql://none/none");

    @Override
    PrunableStore store() throws SQLException {
        address = Postgres.database();
        return another();
    }

    @Override
    PrunableStore another() {
        return new PostgresStore(address, Clock.systemUTC());
    }

    @Override
    LedgerReader reader() {
        return LedgerReader.open(address);
    }

    @Override
    List<Map<String, Object>> query(String sql) throws SQLException {
        return Postgres.query(address, sql);
    }

    @Test
    void textWithACharacterThatPostgresCannotHold_isStoredWithoutIt() throws Exception {
        store().write(
                        List.of(
                                Entries.rows(
                                        Entries.answered(
                                                "id\0-1",
                                                Entries.AT,
                                                Task.of("x\0").caller("a\0b").tag("k\0", "v\0"),
                                                Entries.CHEAP,
                                                Usage.of(1, 1)))));

        assertThat(query("SELECT id, caller, tags::text AS tags FROM request").getFirst())
                .containsEntry("id", "id\uFFFD-1")
                .containsEntry("caller", "a\uFFFDb")
                .containsEntry("tags", "{\"k\uFFFD\": \"v\uFFFD\"}");
    }

    @Test
    void partitions_areMadeAhead_andDroppedByRetention() throws Exception {
        PrunableStore store = store();
        store.write(
                List.of(
                        Entries.rows(Entries.simple("old")),
                        Entries.rows(
                                Entries.answered("new", Entries.AT.plus(Duration.ofDays(3))))));
        String parts =
                "SELECT relname FROM pg_class WHERE relname LIKE 'entry_2%' AND relkind = 'r'";
        int before = query(parts).size();

        assertThat(store.deleteSome(Entries.AT.plus(Duration.ofDays(2)).toEpochMilli())).isTrue();
        assertThat(store.deleteSome(Entries.AT.plus(Duration.ofDays(2)).toEpochMilli())).isFalse();

        assertThat(before).isGreaterThanOrEqualTo(3);
        assertThat(query(parts)).hasSize(before - 1);
        assertThat(query("SELECT id FROM request"))
                .extracting(row -> row.get("id"))
                .containsExactly("new");
    }

    @Test
    void databaseOfTheFirstSchema_hasSumsByKeyAfterMigration() throws Exception {
        address = Postgres.database();
        Postgres.execute(address, Schema.statements("postgres/001-ledger.sql"));
        Postgres.execute(
                address,
                List.of(
                        "CREATE TABLE pointsman_schema (version BIGINT NOT NULL)",
                        "INSERT INTO pointsman_schema VALUES (1)",
                        "INSERT INTO rollup VALUES ('total', 3600000, 0, '', 7, 1, 2, 0, 10, 20,"
                                + " 30, 40, 5, 600, 1, 70, 0, 80, 1, '', '')"));
        try (Store migrated = another()) {
            migrated.write(List.of(Entries.rows(Entries.simple("id-1"))));
        }

        try (LedgerReader reader = reader()) {
            Report report = reader.report(ReportQuery.by(new Grouping.Key()));
            assertThat(report.rows())
                    .extracting(ReportRow::key, ReportRow::requests)
                    .containsExactly(tuple(Grouping.NONE, 8L));
            assertThat(report.total().cost()).isEqualTo(new Sum(Money.ofNanos(90_600), 1));
        }
    }

    @Test
    void address_thatCannotBeRead_isNotQuoted() {
        assertThatThrownBy(() -> PostgresAddress.of("postgresql://me:se cret@host/db"))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("postgresql://USER:PASSWORD@HOST:PORT/DATABASE")
                .hasMessageNotContaining("cret");
        assertThat(PostgresAddress.of("postgres://me:s%40cret@host:1/db?sslmode=require"))
                .hasToString("postgresql://host:1/db")
                .extracting(each -> each.password().orElseThrow().reveal())
                .isEqualTo("s@cret");
    }
}

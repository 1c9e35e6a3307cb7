package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

class RowsBytesTest {

    private static final Column KEY = Column.ofKind("key_name");

    @Test
    void rows_ofAnyEntry_areReadBack() throws Exception {
        List<Rows> rows = rows();

        assertThat(RowsBytes.read(RowsBytes.of(rows)))
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactlyElementsOf(rows);
    }

    @Test
    void column_thatAnotherVersionDidNotKnow_isNull() throws Exception {
        List<Rows> rows = rows();
        assertThat(rows).anySatisfy(each -> assertThat(KEY.in(each)).isNotNull());
        String bytes = new String(RowsBytes.of(rows), StandardCharsets.ISO_8859_1);
        byte[] other = bytes.replace("key_name", "key_nome").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(RowsBytes.read(other))
                .hasSameSizeAs(rows)
                .allSatisfy(each -> assertThat(KEY.in(each)).isNull());
    }

    private static List<Rows> rows() {
        return new RandomEntries(RandomEntries.seed())
                .entries(100).stream().map(Entries::rows).toList();
    }
}

package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * One entry as it is stored: a request's row and the rows that belong to it. Holds no prompt unless
 * content is stored.
 *
 * @param kind what it has in common with others
 * @param calls its attempts; none where the entry says it all
 */
record Rows(
        List<@Nullable Object> kind,
        @Nullable Object[] entry,
        List<@Nullable Object[]> calls,
        List<@Nullable Object[]> content) {

    /** The same, to be changed. */
    Rows copy() {
        return new Rows(
                Arrays.asList(kind.toArray()),
                entry.clone(),
                calls.stream().map(Rows::copy).toList(),
                content);
    }

    private static @Nullable Object[] copy(@Nullable Object[] row) {
        return row.clone();
    }

    /** The same where no text has the one character that PostgreSQL's texts cannot hold. */
    Rows withoutNul() {
        return new Rows(
                Arrays.asList(withoutNul(kind.toArray())),
                withoutNul(entry),
                calls.stream().map(Rows::withoutNul).toList(),
                content.stream().map(Rows::withoutNul).toList());
    }

    private static @Nullable Object[] withoutNul(@Nullable Object[] row) {
        @Nullable Object[] without = row.clone();
        for (int i = 0; i < row.length; i++) {
            if (row[i] instanceof String text) {
                without[i] = withoutNul(text);
            }
        }
        return without;
    }

    static String withoutNul(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }
}

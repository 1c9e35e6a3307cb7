package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

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
        List<@Nullable Object[]> content) {}

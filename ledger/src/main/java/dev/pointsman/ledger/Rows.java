package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One entry as it is stored: a request's row and the rows that belong to it. Holds no prompt unless
 * content is stored.
 */
record Rows(
        @Nullable Object[] request,
        List<@Nullable Object[]> tags,
        List<@Nullable Object[]> attempts,
        List<@Nullable Object[]> content) {}

package dev.pointsman.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One entry as it is stored: a request's row and the rows that belong to it. Holds no prompt unless content is stored. */
record Rows(
        @Nullable Object[] request,
        List<@Nullable Object[]> tags,
        List<@Nullable Object[]> attempts,
        List<@Nullable Object[]> content) {}

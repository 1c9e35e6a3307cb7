package dev.pointsman.ledger;

import java.time.Duration;

/**
 * What the requests of one rollup have in common, in all dimensions.
 *
 * @param hour its beginning, in milliseconds
 * @param model the one that answered, {@link Grouping#NONE} if none did
 * @param caller {@link Grouping#NONE} if nobody knows
 * @param key the name of the key it was asked with, {@link Grouping#NONE} without one
 */
record Grain(
        long hour, boolean practice, String category, String model, String caller, String key) {

    static final long HOUR = Duration.ofHours(1).toMillis();

    static final Column PRACTICE = Column.ofKind("practice");
    private static final Column CATEGORY = Column.ofKind("category");
    private static final Column MODEL = Column.ofKind("answering_model");
    private static final Column CALLER = Column.ofEntry("caller");
    private static final Column KEY = Column.ofKind("key_name");
    private static final Column AT = Column.ofEntry("at_ms");

    static Grain of(Rows rows) {
        return new Grain(
                hour(AT.number(rows)),
                PRACTICE.number(rows) != 0,
                text(CATEGORY, rows),
                text(MODEL, rows),
                text(CALLER, rows),
                text(KEY, rows));
    }

    /** The beginning of the hour of UTC in which the millisecond is. */
    static long hour(long millis) {
        return Math.floorDiv(millis, HOUR) * HOUR;
    }

    private static String text(Column column, Rows rows) {
        return column.in(rows) instanceof String text ? text : Grouping.NONE;
    }
}

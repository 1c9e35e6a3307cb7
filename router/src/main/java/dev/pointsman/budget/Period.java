package dev.pointsman.budget;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How often a budget begins anew: with each period of UTC, weeks on Mondays. */
public enum Period {
    HOUR,
    DAY,
    WEEK,
    MONTH,
    YEAR,
    /** It never does. */
    EVER;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As it stands in policies, for example {@code month}. */
    public String label() {
        return label;
    }

    /** The period with that label. */
    public static Optional<Period> of(String label) {
        return Arrays.stream(values()).filter(one -> one.label.equals(label)).findFirst();
    }

    /** The beginning of the period in which the moment is; that of {@link #EVER} is 1970. */
    public Instant begin(Instant moment) {
        LocalDate day = LocalDate.ofInstant(moment, ZoneOffset.UTC);
        return switch (this) {
            case HOUR -> moment.truncatedTo(ChronoUnit.HOURS);
            case DAY -> start(day);
            case WEEK -> start(day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
            case MONTH -> start(day.withDayOfMonth(1));
            case YEAR -> start(day.withDayOfYear(1));
            case EVER -> Instant.EPOCH;
        };
    }

    /** When the next period begins; empty if none does. */
    public Optional<Instant> next(Instant moment) {
        LocalDate day = LocalDate.ofInstant(begin(moment), ZoneOffset.UTC);
        return switch (this) {
            case HOUR -> Optional.of(begin(moment).plus(1, ChronoUnit.HOURS));
            case DAY -> Optional.of(start(day.plusDays(1)));
            case WEEK -> Optional.of(start(day.plusWeeks(1)));
            case MONTH -> Optional.of(start(day.plusMonths(1)));
            case YEAR -> Optional.of(start(day.plusYears(1)));
            case EVER -> Optional.empty();
        };
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}

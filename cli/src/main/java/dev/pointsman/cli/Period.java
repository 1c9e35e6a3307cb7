package dev.pointsman.cli;

import dev.pointsman.ledger.Grouping;
import dev.pointsman.ledger.ReportQuery;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options that say of which requests. */
final class Period {

    private static final Pattern AGO = Pattern.compile("(\\d{1,6})([mhdw])");

    @Option(
            names = "--since",
            paramLabel = "WHEN",
            description = "From then on: 30m, 24h, 7d, 4w ago, or a date 2026-11-23.")
    private @Nullable String since;

    @Option(
            names = "--until",
            paramLabel = "WHEN",
            description = "Up to then, said in the same way.")
    private @Nullable String until;

    boolean hasSince() {
        return since != null;
    }

    boolean hasUntil() {
        return until != null;
    }

    ReportQuery query() {
        return of(ReportQuery.by(new Grouping.Category()), Clock.system(ZoneId.systemDefault()));
    }

    /** The same query, of these requests. */
    ReportQuery of(ReportQuery all, Clock clock) {
        ReportQuery query = since == null ? all : all.withSince(moment(since, clock));
        ReportQuery ended = until == null ? query : query.withUntil(moment(until, clock));
        if (since != null && until != null && !ended.since().isBefore(ended.until())) {
            throw new UserException(
                    "--since %s is not before --until %s: that is no time at all"
                            .formatted(since, until));
        }
        return ended;
    }

    private static Instant moment(String text, Clock clock) {
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            long amount = Long.parseLong(ago.group(1));
            Duration duration =
                    switch (ago.group(2)) {
                        case "m" -> Duration.ofMinutes(amount);
                        case "h" -> Duration.ofHours(amount);
                        case "d" -> Duration.ofDays(amount);
                        default -> Duration.ofDays(7 * amount);
                    };
            return clock.instant().minus(duration);
        }
        try {
            return text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(clock.getZone()).toInstant();
        } catch (DateTimeException e) {
            throw new UserException(
                    "\""
                            + text
                            + "\" is no moment: say 30m, 24h, 7d, 4w, 2026-11-23 or"
                            + " 2026-11-23T10:00:00Z");
        }
    }
}

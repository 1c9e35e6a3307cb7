package dev.pointsman.cli;

import dev.pointsman.ledger.Grouping;
import dev.pointsman.ledger.ReportQuery;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.time.Clock;
import java.time.ZoneId;

/** The options that say of which requests. */
final class Period {

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

    ReportQuery query() {
        Clock clock = Clock.system(ZoneId.systemDefault());
        ReportQuery query = ReportQuery.by(new Grouping.Category());
        query = since == null ? query : query.withSince(ReportCommand.moment(since, clock));
        return until == null ? query : query.withUntil(ReportCommand.moment(until, clock));
    }
}

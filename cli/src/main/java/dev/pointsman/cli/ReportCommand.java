package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.ledger.Grouping;
import dev.pointsman.ledger.LedgerReader;
import dev.pointsman.ledger.Percentiles;
import dev.pointsman.ledger.Report;
import dev.pointsman.ledger.ReportQuery;
import dev.pointsman.ledger.ReportRow;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "report",
        description = "What was routed, what it cost and what was saved, from the ledger.",
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final Setup setup = new Setup();

    @Mixin private final Period period = new Period();

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            defaultValue = "category",
            description =
                    "category (the default), model, key (the name of the key it was asked with),"
                            + " caller, day, tag, or tag:KEY for one tag's values.")
    private String by = "category";

    @Option(names = "--real", description = "Leaves out what the practice provider answered.")
    private boolean real;

    @Option(
            names = "--assume",
            paramLabel = "CATEGORY=MODEL",
            description = {
                "What the stored tokens of a category would have cost at another model.",
                "Repeatable; prices are today's, the tokens those that were used."
            })
    private Map<String, String> assumptions = new LinkedHashMap<>();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        ReportQuery query = query(Clock.system(ZoneId.systemDefault()));
        PrintWriter out = spec.commandLine().getOut();
        try (LedgerReader ledger = setup.readLedger()) {
            if (!assumptions.isEmpty()) {
                WhatIf whatIf = new WhatIf(setup.policy().file().load(), assumptions);
                ledger.forEachAnswered(query, whatIf::add);
                out.print(
                        json
                                ? Render.pretty(whatIf.json()) + System.lineSeparator()
                                : whatIf.table());
                return ExitCode.OK;
            }
            Report report = ledger.report(query);
            out.print(
                    json
                            ? Render.pretty(json(report, query)) + System.lineSeparator()
                            : table(report));
            if (!json && report.total().practice() > 0) {
                spec.commandLine()
                        .getErr()
                        .println(
                                Figures.count(report.total().practice())
                                        + " of these were answered by the practice provider and not"
                                        + " paid; --real leaves them out");
            }
        }
        return ExitCode.OK;
    }

    private ReportQuery query(Clock clock) {
        ReportQuery query = period.of(ReportQuery.by(grouping(clock.getZone())), clock);
        return real ? query.withPractice(ReportQuery.Practice.EXCLUDED) : query;
    }

    private Grouping grouping(ZoneId zone) {
        return switch (by) {
            case "category" -> new Grouping.Category();
            case "model" -> new Grouping.Model();
            case "caller" -> new Grouping.Caller();
            case "key" -> new Grouping.Key();
            case "day" -> new Grouping.Day(zone);
            case "tag" -> new Grouping.Tags();
            default -> {
                if (by.startsWith("tag:") && by.length() > "tag:".length()) {
                    yield new Grouping.Tag(by.substring("tag:".length()));
                }
                throw new UserException(
                        "--by takes category, model, key, caller, day, tag or tag:KEY, not \""
                                + by
                                + "\"");
            }
        };
    }

    private String table(Report report) {
        Table table =
                new Table(
                        1,
                        by,
                        "requests",
                        "share",
                        "failed",
                        "fallbacks",
                        "tokens in",
                        "tokens out",
                        "cost",
                        "of it classifying",
                        "saved",
                        "p50",
                        "p95");
        report.rows().forEach(row -> table.row(cells(row)));
        return table.rule().row(cells(report.total())).toString();
    }

    private static String[] cells(ReportRow row) {
        return new String[] {
            row.key(),
            Figures.count(row.requests()),
            Figures.percent(row.share()),
            Figures.count(row.failed()),
            Figures.count(row.fallbacks()),
            Figures.count(row.tokens().totalInput()),
            Figures.count(row.tokens().output()),
            Figures.sum(row.cost().known(), row.cost().unknown()),
            Figures.sum(row.classificationCost().known(), row.classificationCost().unknown()),
            Figures.sum(row.saved().known(), row.saved().unknown()),
            row.latency().map(latency -> Figures.millis(latency.p50())).orElse("-"),
            row.latency().map(latency -> Figures.millis(latency.p95())).orElse("-")
        };
    }

    private ObjectNode json(Report report, ReportQuery query) {
        ObjectNode json = Render.object().put("by", by);
        if (period.hasSince()) {
            json.put("since", query.since().toString());
        }
        if (period.hasUntil()) {
            json.put("until", query.until().toString());
        }
        ArrayNode rows = json.putArray("rows");
        report.rows().forEach(row -> rows.add(json(row)));
        json.set("total", json(report.total()));
        return json;
    }

    private static ObjectNode json(ReportRow row) {
        ObjectNode json = Render.object().put("key", row.key()).put("requests", row.requests());
        json.put("share", row.share())
                .put("failed", row.failed())
                .put("fallbacks", row.fallbacks());
        json.put("practice", row.practice());
        json.set("tokens", Render.usage(row.tokens()));
        json.set("cost", Render.money(row.cost().known()));
        json.put("unknown_costs", row.cost().unknown());
        json.set("classification_cost", Render.money(row.classificationCost().known()));
        json.put("unknown_classification_costs", row.classificationCost().unknown());
        json.set("saved", Render.money(row.saved().known()));
        json.put("unknown_saved", row.saved().unknown());
        percentiles(json, "latency_ms", row.latency());
        percentiles(json, "first_content_ms", row.firstContent());
        return json;
    }

    private static void percentiles(
            ObjectNode json, String name, Optional<Percentiles> percentiles) {
        percentiles.ifPresent(both ->
                json.putObject(name)
                        .put("p50", both.p50().toMillis())
                        .put("p95", both.p95().toMillis()));
    }
}

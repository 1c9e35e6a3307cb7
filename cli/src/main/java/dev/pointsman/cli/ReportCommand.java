package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.ledger.Grouping;
import dev.pointsman.ledger.LedgerReader;
import dev.pointsman.ledger.Report;
import dev.pointsman.ledger.ReportQuery;

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
import java.util.concurrent.Callable;

@Command(
        name = "report",
        description = "What was routed, what it cost and what was saved, from the ledger.",
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

    /** Characters that fit a terminal. */
    private static final int WIDTH = 120;

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

    @Option(names = "--csv", description = "Prints a line of names and one for each row, as CSV.")
    private boolean csv;

    @Option(
            names = "--wide",
            description = "Leaves no column out; else those that fit 120 characters are shown.")
    private boolean wide;

    @Override
    public Integer call() {
        if (csv && (json || !assumptions.isEmpty())) {
            throw new UserException("--csv goes with neither --json nor --assume");
        }
        ReportQuery query = query(Clock.system(ZoneId.systemDefault()));
        PrintWriter out = spec.commandLine().getOut();
        try (LedgerReader ledger = setup.readLedger()) {
            if (!assumptions.isEmpty()) {
                WhatIf whatIf = new WhatIf(setup.policy().file().load(), assumptions);
                ledger.forEachAnswered(query, whatIf::add);
                out.print(json ? pretty(whatIf.json()) : whatIf.table());
                return ExitCode.OK;
            }
            Report report = ledger.report(query);
            if (json || csv) {
                out.print(json ? pretty(json(report, query)) : ReportData.csv(by, report));
            } else {
                show(report);
            }
        }
        return ExitCode.OK;
    }

    private void show(Report report) {
        ReportTable table = new ReportTable(by, report, Bars.ofTerminal());
        spec.commandLine().getOut().print(wide ? table : table.fit(WIDTH));
        PrintWriter err = spec.commandLine().getErr();
        if (!table.leftOut().isEmpty()) {
            err.println(
                    "left out to fit: "
                            + String.join(", ", table.leftOut())
                            + "; --wide shows them");
        }
        if (report.rows().isEmpty()) {
            err.println(nothing(report.total().requests()));
        }
        tellPractice(report.total().practice());
    }

    /** Why there are no rows. */
    private String nothing(long requests) {
        if (requests > 0) {
            return by.equals("tag")
                    ? "none of these requests has a tag"
                    : "none of these requests has the tag "
                            + by.substring("tag:".length())
                            + "; --by tag shows those there are";
        }
        return "no requests"
                + (period.hasSince() || period.hasUntil() ? " in that time" : "")
                + (real ? ", those of practice left out" : "");
    }

    private static String pretty(ObjectNode json) {
        return Render.pretty(json) + System.lineSeparator();
    }

    private void tellPractice(long requests) {
        if (requests > 0) {
            spec.commandLine()
                    .getErr()
                    .println(
                            Figures.count(requests)
                                    + " of these were answered by the practice provider and not"
                                    + " paid; --real leaves them out");
        }
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

    private ObjectNode json(Report report, ReportQuery query) {
        ObjectNode json = Render.object().put("by", by);
        if (period.hasSince()) {
            json.put("since", query.since().toString());
        }
        if (period.hasUntil()) {
            json.put("until", query.until().toString());
        }
        ReportData.put(report, json);
        return json;
    }
}

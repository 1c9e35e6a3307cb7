package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Model;
import dev.pointsman.core.Price;
import dev.pointsman.ledger.PriceChange;
import dev.pointsman.ledger.ReportQuery;
import dev.pointsman.ledger.Repricing;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

@Command(
        name = "reprice",
        description = {
            "Computes anew what stored requests cost, at the prices that hold now; what they cost"
                    + " before is kept in the table former_cost. Budgets keep what was charged."
        },
        mixinStandardHelpOptions = true)
final class RepriceCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final Setup setup = new Setup();
    @Mixin private final Period period = new Period();

    @Option(
            names = "--model",
            paramLabel = "M",
            description = "Only what this model costs: provider/id, or an alias.")
    private @Nullable String model;

    @Option(names = "--dry-run", description = "Tells what would change, and changes nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (!period.hasSince()) {
            throw new UserException(
                    "--since says from when requests are repriced, for example 30d");
        }
        Policy policy = setup.policy().file().load();
        Predicate<String> models = model == null ? any -> true : policy.model(model).ref()::equals;
        ReportQuery query = period.query();
        PrintWriter err = spec.commandLine().getErr();
        Repricing.Outcome outcome;
        try (Repricing repricing = setup.reprice(policy, dryRun);
                CountLine progress = new CountLine(err, true, "requests")) {
            outcome = repricing.run(query, models, ref -> price(policy, ref), progress::at);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                json
                        ? Render.pretty(json(outcome, query)) + System.lineSeparator()
                        : text(outcome));
        err.println(said(outcome));
        unpriced(outcome.attempts(), "attempts", err);
        unpriced(outcome.baselines(), "baselines", err);
        return ExitCode.OK;
    }

    /** What the model costs now; empty if nobody knows the model or its price any more. */
    private static Optional<Price> price(Policy policy, String ref) {
        try {
            Model found = policy.model(ref);
            return found.ref().equals(ref) ? found.price() : Optional.empty();
        } catch (PolicyException e) {
            return Optional.empty();
        }
    }

    private String said(Repricing.Outcome outcome) {
        String changed =
                Figures.count(outcome.changed())
                        + " of "
                        + Figures.count(outcome.requests())
                        + " requests ";
        return dryRun
                ? changed + "would change; nothing was changed"
                : changed
                        + (outcome.changed() == 0
                                ? "changed"
                                : "changed; what they cost before is in former_cost");
    }

    private static void unpriced(List<PriceChange> changes, String what, PrintWriter err) {
        for (PriceChange change : changes) {
            if (change.unpriced() > 0) {
                err.println(
                        change.model()
                                + " has no price now: its "
                                + Figures.count(change.unpriced())
                                + " "
                                + what
                                + " keep what they cost");
            }
        }
    }

    private static String text(Repricing.Outcome outcome) {
        String attempts = table("model", "attempts", outcome.attempts());
        return outcome.baselines().isEmpty()
                ? attempts
                : attempts
                        + System.lineSeparator()
                        + table("baseline", "requests", outcome.baselines());
    }

    private static String table(String key, String count, List<PriceChange> changes) {
        Table table =
                new Table(
                        1,
                        key,
                        count,
                        "changed",
                        "before",
                        "after",
                        "difference",
                        "unknown before",
                        "unknown after");
        changes.forEach(change -> table.row(cells(change.model(), change)));
        total(changes).ifPresent(total -> table.rule().row(cells("total", total)));
        return table.toString();
    }

    private static Optional<PriceChange> total(List<PriceChange> changes) {
        return changes.stream().reduce(PriceChange::plus);
    }

    private static String[] cells(String key, PriceChange change) {
        return new String[] {
            key,
            Figures.count(change.count()),
            Figures.count(change.changed()),
            Figures.money(change.before().known()),
            Figures.money(change.after().known()),
            Figures.money(change.difference()),
            Figures.count(change.before().unknown()),
            Figures.count(change.after().unknown())
        };
    }

    private ObjectNode json(Repricing.Outcome outcome, ReportQuery query) {
        ObjectNode result = Render.object().put("since", query.since().toString());
        if (period.hasUntil()) {
            result.put("until", query.until().toString());
        }
        result.put("dry_run", dryRun);
        result.put("requests", outcome.requests()).put("changed", outcome.changed());
        rows(result.putArray("models"), outcome.attempts());
        total(outcome.attempts()).ifPresent(total -> result.set("total", json(total)));
        rows(result.putArray("baselines"), outcome.baselines());
        return result;
    }

    private static void rows(ArrayNode rows, List<PriceChange> changes) {
        changes.forEach(change ->
                rows.add(Render.object().put("model", change.model()).setAll(json(change))));
    }

    private static ObjectNode json(PriceChange change) {
        ObjectNode json =
                Render.object().put("count", change.count()).put("changed", change.changed());
        json.put("without_price", change.unpriced());
        json.set("before", Render.money(change.before().known()));
        json.put("unknown_before", change.before().unknown());
        json.set("after", Render.money(change.after().known()));
        json.put("unknown_after", change.after().unknown());
        json.set("difference", Render.money(change.difference()));
        return json;
    }
}

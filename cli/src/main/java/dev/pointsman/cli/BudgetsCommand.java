package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.access.AccessKey;
import dev.pointsman.budget.BudgetRule;
import dev.pointsman.budget.BudgetSettings;
import dev.pointsman.budget.Scope;
import dev.pointsman.core.Money;
import dev.pointsman.ledger.AccountStanding;
import dev.pointsman.ledger.KeyStore;
import dev.pointsman.ledger.LedgerReader;
import dev.pointsman.policy.Policy;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "budgets",
        description = "What is spent of each budget of the policy and of keys, and what is left.",
        mixinStandardHelpOptions = true)
final class BudgetsCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final Setup setup = new Setup();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    /**
     * A budget and what is known of it.
     *
     * @param standing empty if nothing was asked under it in this period
     */
    private record Line(String account, BudgetRule rule, Optional<AccountStanding> standing) {

        Money spent() {
            return standing.map(AccountStanding::spent).orElse(Money.ZERO);
        }

        Money reserved() {
            return standing.map(AccountStanding::reserved).orElse(Money.ZERO);
        }

        long unpriced() {
            return standing.map(AccountStanding::unpriced).orElse(0L);
        }

        /** Below zero if more was spent than there was. */
        Money left() {
            return rule.limit().amount().minus(spent()).minus(reserved());
        }

        Optional<Instant> renews(Instant now) {
            return rule.limit().period().next(now);
        }
    }

    @Override
    public Integer call() {
        BudgetSettings settings = settings(setup.policy().file().load());
        Instant now = Clock.systemUTC().instant();
        PrintWriter out = spec.commandLine().getOut();
        if (settings.rules().isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "no budgets: say some in the policy under budgets.limits, such as"
                                    + " { of: all, limit: 50usd/month }, or for a key by pointsman"
                                    + " keys create --budget");
            out.print(json ? Render.pretty(json(List.of(), now)) + System.lineSeparator() : "");
            return ExitCode.OK;
        }
        try (LedgerReader ledger = setup.readLedger()) {
            List<Line> lines = lines(settings, ledger.accounts(now));
            out.print(
                    json
                            ? Render.pretty(json(lines, now)) + System.lineSeparator()
                            : table(lines, now));
        }
        return ExitCode.OK;
    }

    /** The policy's, and those of keys, which go before rules for that key. */
    private BudgetSettings settings(Policy policy) {
        List<BudgetRule> rules = new ArrayList<>();
        try (KeyStore store = setup.keyStore(() -> policy)) {
            for (AccessKey key : store.keys()) {
                key.budget()
                        .filter(limit -> !key.isRevoked())
                        .map(limit -> new BudgetRule(new Scope.Key(key.name()), limit, true))
                        .ifPresent(rules::add);
            }
        }
        List<BudgetRule> own = List.copyOf(rules);
        policy.budgets().rules().stream()
                .filter(rule -> own.stream().noneMatch(rule::isOfTheSame))
                .forEach(rules::add);
        return new BudgetSettings(rules, policy.budgets().unknownPrice());
    }

    /** The accounts there are, and the budgets of which there is none yet. */
    private static List<Line> lines(BudgetSettings settings, List<AccountStanding> accounts) {
        List<Line> lines = new ArrayList<>();
        for (AccountStanding account : accounts) {
            settings.rule(account.account(), account.period())
                    .ifPresent(rule ->
                            lines.add(new Line(account.account(), rule, Optional.of(account))));
        }
        for (BudgetRule rule : settings.rules()) {
            if (lines.stream().noneMatch(line -> line.rule().equals(rule))) {
                lines.add(new Line(rule.scope().label(), rule, Optional.empty()));
            }
        }
        return lines;
    }

    private static String table(List<Line> lines, Instant now) {
        Table table =
                new Table(3, "of", "limit", "enforced", "spent", "held back", "left", "renews");
        for (Line line : lines) {
            table.row(
                    line.account(),
                    line.rule().limit().toString(),
                    enforced(line.rule()),
                    Figures.sum(line.spent(), line.unpriced()),
                    Figures.money(line.reserved()),
                    Figures.money(line.left()),
                    line.renews(now).map(Instant::toString).orElse("never"));
        }
        return table.toString();
    }

    private static ObjectNode json(List<Line> lines, Instant now) {
        ObjectNode json = Render.object();
        ArrayNode budgets = json.putArray("budgets");
        for (Line line : lines) {
            ObjectNode one =
                    budgets.addObject()
                            .put("of", line.account())
                            .put("limit", line.rule().limit().toString())
                            .put("enforce", enforced(line.rule()));
            one.set("spent", Render.money(line.spent()));
            one.put("unknown_costs", line.unpriced());
            one.set("reserved", Render.money(line.reserved()));
            one.set("left", Render.money(line.left()));
            line.renews(now).ifPresent(renews -> one.put("renews", renews.toString()));
        }
        return json;
    }

    private static String enforced(BudgetRule rule) {
        return rule.hard() ? "hard" : "soft";
    }
}

package dev.pointsman.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleBinaryOperator;

/** A scenario's medians in plain text: a column a target, then what was to be reached. */
final class Table {

    private static final int LABEL = 28;
    private static final int COLUMN = 12;

    private final Rounds rounds;
    private final List<String> targets;
    private final StringBuilder text = new StringBuilder();

    /** The goals are those of the last target. */
    private Table(Rounds rounds, List<String> targets) {
        this.rounds = rounds;
        this.targets = targets;
    }

    static String of(List<Row> rows, Rounds rounds, List<String> targets) {
        Table table = new Table(rounds, targets);
        table.line("", targets, "goal", "met");
        rows.forEach(table::row);
        return table.text.toString();
    }

    private void row(Row row) {
        List<String> cells = new ArrayList<>();
        for (String target : targets) {
            OptionalDouble value = value(row, target);
            cells.add(value.isPresent() ? format(row, value.getAsDouble()) : "-");
        }
        OptionalDouble subject = value(row, targets.getLast());
        Optional<Goal> goal = goal(row).filter(any -> isJudged() && subject.isPresent());
        line(
                label(row),
                cells,
                goal(row).map(Goal::text).orElse(""),
                goal.map(known -> known.met(subject.getAsDouble())).orElse(""));
    }

    /** nginx and the bare upstream are references: they have no goals to reach. */
    private boolean isJudged() {
        return !targets.getLast().equals(Target.NGINX) && !targets.getLast().equals(Target.BARE);
    }

    private OptionalDouble value(Row row, String target) {
        OptionalDouble median = rounds.median(target, row.metric());
        return switch (row) {
            case Row.Medians medians -> median;
            case Row.Spread spread ->
                    both(rounds.range(target, row.metric()), median, (a, b) -> 100 * a / b);
            case Row.Ratio ratio ->
                    both(median, rounds.median(ratio.to(), row.metric()), (a, b) -> a / b);
            case Row.Added added ->
                    both(median, rounds.median(added.to(), row.metric()), (a, b) -> a - b);
        };
    }

    private static OptionalDouble both(
            OptionalDouble a, OptionalDouble b, DoubleBinaryOperator operator) {
        return a.isPresent() && b.isPresent()
                ? OptionalDouble.of(operator.applyAsDouble(a.getAsDouble(), b.getAsDouble()))
                : OptionalDouble.empty();
    }

    private static String label(Row row) {
        return switch (row) {
            case Row.Medians medians -> row.metric().label();
            case Row.Spread spread -> "  rounds apart, %";
            case Row.Ratio ratio -> "  of " + ratio.to() + "'s";
            case Row.Added added -> "  beyond " + added.to();
        };
    }

    private static String format(Row row, double value) {
        return switch (row) {
            case Row.Medians medians -> row.metric().text(value);
            case Row.Spread spread -> String.format("%.1f", value);
            case Row.Ratio ratio -> String.format("%.2f", value);
            case Row.Added added -> String.format("%+.3f", value);
        };
    }

    private static Optional<Goal> goal(Row row) {
        return switch (row) {
            case Row.Medians medians -> Optional.empty();
            case Row.Spread spread -> Optional.empty();
            case Row.Ratio ratio -> ratio.goal();
            case Row.Added added -> added.goal();
        };
    }

    private void line(String label, List<String> cells, String goal, String met) {
        StringBuilder line = new StringBuilder(String.format("%-" + LABEL + "s", label));
        cells.forEach(cell -> line.append(String.format("%" + COLUMN + "s", cell)));
        line.append(String.format("   %-16s%s", goal, met));
        text.append(line.toString().stripTrailing()).append('\n');
    }
}

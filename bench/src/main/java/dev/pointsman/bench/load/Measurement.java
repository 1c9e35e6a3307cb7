package dev.pointsman.bench.load;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Warms up, measures the targets in turn, and prints. */
final class Measurement {

    /** Two rounds that differ by less are taken as steady. */
    private static final double STEADY = 0.03;

    private final List<Target> targets;
    private final int rounds;
    private final PrintStream out;

    Measurement(List<Target> targets, int rounds, PrintStream out) {
        this.targets = targets;
        this.rounds = rounds;
        this.out = out;
    }

    void run(Scenario scenario) {
        out.printf("%n%s%n%s%n", scenario.title(), scenario.method());
        targets.stream()
                .filter(Target::warms)
                .forEach(target -> out.println(warmUp(scenario, target)));
        Rounds results = new Rounds();
        for (int round = 0; round < rounds; round++) {
            for (Target target : inTurn(round)) {
                results.add(target.name(), measured(scenario, target));
            }
        }
        List<String> names = targets.stream().map(Target::name).toList();
        out.println();
        out.print(Table.of(scenario.rows(), results, names));
        out.flush();
    }

    /** Another target begins each round, so that none always follows the same one. */
    private List<Target> inTurn(int round) {
        List<Target> order = new ArrayList<>(targets);
        Collections.rotate(order, -round);
        return order;
    }

    private static Map<Metric, Double> measured(Scenario scenario, Target target) {
        try {
            return scenario.round(target);
        } catch (RuntimeException e) {
            throw new IllegalStateException(target.name() + ": " + e.getMessage(), e);
        }
    }

    private static String warmUp(Scenario scenario, Target target) {
        double before = 0;
        for (int i = 1; i <= scenario.warmUps(); i++) {
            double now = scenario.warmUp(target);
            if (Math.abs(now - before) <= STEADY * before) {
                return "warm-up, " + target.name() + ": steady after " + i + " rounds";
            }
            before = now;
        }
        return "warm-up, "
                + target.name()
                + ": no two of "
                + scenario.warmUps()
                + " rounds in a row agreed within 3%";
    }
}

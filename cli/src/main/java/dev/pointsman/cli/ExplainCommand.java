package dev.pointsman.cli;

import dev.pointsman.Router;
import dev.pointsman.core.Candidate;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Rejection;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;

@Command(
        name = "explain",
        description = "Shows where a task would go and why. Calls nothing.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final PolicyOption policyOption = new PolicyOption();
    @Mixin private final TaskOptions options = new TaskOptions();

    @Option(names = "--json", description = "Prints the decision as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Router router = policyOption.openWithoutLedger()) {
            Decision decision = router.explain(options.task());
            if (json) {
                out.println(Render.pretty(Render.decision(decision)));
            } else {
                print(decision, out);
                if (router.isPractice()) {
                    spec.commandLine().getErr().println(Practice.NOTE);
                }
            }
            return decision.candidates().isEmpty() ? ExitCode.NO_ANSWER : ExitCode.OK;
        }
    }

    private static void print(Decision decision, PrintWriter out) {
        Classification classification = decision.classification();
        out.printf(
                Locale.ROOT,
                "category    %s%s%n",
                decision.category(),
                classification.unsure() ? " (unsure)" : "");
        out.printf(
                Locale.ROOT,
                "decided by  %s, confidence %.2f%n",
                classification.source().label(),
                classification.confidence());
        classification.evidence().forEach(evidence -> out.println("            " + evidence));
        out.println(
                "size        about "
                        + Figures.count(decision.estimatedInput())
                        + " tokens in, "
                        + Figures.count(decision.expectedOutput())
                        + " out expected");
        out.println("policy      " + decision.policy());
        decision.session().ifPresent(step -> out.println("session     " + step.words()));
        out.println();
        Table table = new Table(3, "", "model", "", "expected cost");
        int rank = 0;
        for (Candidate candidate : decision.candidates()) {
            String role = ++rank == 1 ? "taken" : "fallback " + (rank - 1);
            String notes =
                    candidate.notes().isEmpty() ? "" : ": " + String.join("; ", candidate.notes());
            table.row(
                    "+",
                    candidate.model().ref(),
                    role + notes,
                    Figures.money(candidate.expectedCost()));
        }
        for (Rejection rejection : decision.rejections()) {
            table.row("-", rejection.model(), "rejected: " + rejection.message(), "");
        }
        out.print(table);
        if (decision.candidates().isEmpty()) {
            out.println("No model of this category can do the task.");
        }
    }
}

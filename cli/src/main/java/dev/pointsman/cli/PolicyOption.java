package dev.pointsman.cli;

import dev.pointsman.Router;
import dev.pointsman.budget.Budgets;
import dev.pointsman.core.Recorder;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** The option that says which policy. */
final class PolicyOption {

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = {
                "The routing policy. If not said:",
                "POINTSMAN_POLICY, ./pointsman.yaml,",
                "~/.config/pointsman/pointsman.yaml,",
                "the built-in policy."
            })
    private @Nullable Path path;

    PolicyFile file() {
        return over(path == null ? PolicyFile.find() : PolicyFile.of(path));
    }

    /** That file, over the catalogue that was imported if one was. */
    static PolicyFile over(PolicyFile file) {
        return file.catalog(new ImportedCatalogue(Setup.dataFolder())::current);
    }

    /**
     * Whether answers come from the practice provider: only under the built-in policy, and only
     * while none of its models has a key.
     */
    static boolean practises(PolicyFile file, Policy policy) {
        return file.isBuiltIn()
                && policy.categories().keySet().stream()
                        .flatMap(category -> policy.route(category).stream())
                        .allMatch(deployment -> deployment.provider().unavailable().isPresent());
    }

    /** A router that writes nothing down, for what only decides. */
    Router openWithoutLedger() {
        PolicyFile file = file();
        return router(file, file.load(), Recorder.NONE, Budgets.NONE);
    }

    /** A router by that policy, in practice where that applies. */
    static Router router(PolicyFile file, Policy policy, Recorder recorder, Budgets budgets) {
        Router.Builder builder =
                Router.builder().policy(policy).recorder(recorder).budgets(budgets);
        return practises(file, policy) ? builder.buildPractice() : builder.build();
    }
}

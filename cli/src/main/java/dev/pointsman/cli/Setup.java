package dev.pointsman.cli;

import dev.pointsman.Router;
import dev.pointsman.core.Recorder;
import dev.pointsman.ledger.LedgerOptions;
import dev.pointsman.ledger.SqliteLedger;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;

/** The options that say which policy and which ledger, and what is opened by them. */
final class Setup {

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = {
                "The routing policy. Otherwise: POINTSMAN_POLICY, ./pointsman.yaml,",
                "~/.config/pointsman/pointsman.yaml, the built-in policy."
            })
    private @Nullable Path policyPath;

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            description =
                    "The ledger. Otherwise: pointsman/ledger.db in XDG_DATA_HOME or"
                            + " ~/.local/share.")
    private @Nullable Path ledgerPath;

    PolicyFile policyFile() {
        return policyPath == null ? PolicyFile.find() : PolicyFile.of(policyPath);
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

    Path ledgerFile() {
        if (ledgerPath != null) {
            return ledgerPath;
        }
        Path data =
                Optional.ofNullable(System.getenv("XDG_DATA_HOME"))
                        .filter(path -> !path.isBlank())
                        .map(Path::of)
                        .orElseGet(
                                () -> Path.of(System.getProperty("user.home"), ".local", "share"));
        return data.resolve("pointsman").resolve("ledger.db");
    }

    /** Router and ledger, to be closed together. */
    record Opened(Router router, SqliteLedger ledger) implements AutoCloseable {
        @Override
        public void close() {
            router.close();
            ledger.close();
        }
    }

    /** A router by the policy, in practice where that applies, that writes to the ledger. */
    Opened open() {
        PolicyFile file = policyFile();
        Policy policy = file.load();
        SqliteLedger ledger =
                SqliteLedger.open(
                        ledgerFile(),
                        LedgerOptions.defaults().withStoreContent(policy.storeContent()));
        return new Opened(router(file, policy, ledger), ledger);
    }

    /** A router that writes nothing down, for what only decides. */
    Router openWithoutLedger() {
        PolicyFile file = policyFile();
        return router(file, file.load(), Recorder.NONE);
    }

    private static Router router(PolicyFile file, Policy policy, Recorder recorder) {
        Router.Builder builder = Router.builder().policy(policy).recorder(recorder);
        return practises(file, policy) ? builder.buildPractice() : builder.build();
    }
}

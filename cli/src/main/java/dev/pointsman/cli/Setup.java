package dev.pointsman.cli;

import dev.pointsman.Router;
import dev.pointsman.ledger.LedgerOptions;
import dev.pointsman.ledger.SqliteLedger;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;

/** The options that say which policy and which ledger, and what is opened by them. */
final class Setup {

    @Mixin private final PolicyOption policy = new PolicyOption();

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            description =
                    "The ledger. If not said: pointsman/ledger.db in XDG_DATA_HOME or"
                            + " ~/.local/share.")
    private @Nullable Path ledgerPath;

    PolicyOption policy() {
        return policy;
    }

    Path ledgerFile() {
        if (ledgerPath != null) {
            return ledgerPath;
        }
        return dataFolder().resolve("ledger.db");
    }

    /** Where Pointsman keeps what it writes down. */
    static Path dataFolder() {
        return Optional.ofNullable(System.getenv("XDG_DATA_HOME"))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "share"))
                .resolve("pointsman");
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
        PolicyFile file = policy.file();
        Policy loaded = file.load();
        SqliteLedger ledger =
                SqliteLedger.open(
                        ledgerFile(),
                        LedgerOptions.defaults().withStoreContent(loaded.storeContent()));
        return new Opened(PolicyOption.router(file, loaded, ledger), ledger);
    }
}

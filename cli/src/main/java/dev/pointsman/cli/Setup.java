package dev.pointsman.cli;

import dev.pointsman.Router;
import dev.pointsman.access.AccessKeys;
import dev.pointsman.access.KeyRing;
import dev.pointsman.ledger.KeyStore;
import dev.pointsman.ledger.Ledger;
import dev.pointsman.ledger.LedgerOptions;
import dev.pointsman.ledger.LedgerReader;
import dev.pointsman.ledger.PostgresAddress;
import dev.pointsman.ledger.PostgresLedger;
import dev.pointsman.ledger.Repricing;
import dev.pointsman.ledger.SqliteLedger;
import dev.pointsman.ledger.StoredKeys;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;
import dev.pointsman.policy.Setting;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** The options that say which policy and which ledger, and what is opened by them. */
final class Setup {

    @Mixin private final PolicyOption policy = new PolicyOption();

    /** Said in place of a ledger. */
    private static final String NONE = "none";

    @Option(
            names = "--ledger",
            paramLabel = "FILE|URL|none",
            description =
                    "The ledger, a file or postgresql://USER@HOST/DATABASE; none writes nothing"
                            + " down. If not said:"
                            + " ledger.url of the policy, else pointsman/ledger.db in XDG_DATA_HOME"
                            + " or ~/.local/share.")
    private @Nullable String ledger;

    PolicyOption policy() {
        return policy;
    }

    /** The database in which the ledger is; empty if it is in a file. */
    Optional<PostgresAddress> ledgerDatabase(Supplier<Policy> loaded) {
        if (ledger != null) {
            return Optional.of(ledger).filter(PostgresAddress::isMeantBy).map(PostgresAddress::of);
        }
        try {
            return loaded.get().ledgerUrl().map(Setting::reveal).map(PostgresAddress::of);
        } catch (IllegalStateException e) {
            throw new UserException("ledger.url of the policy: " + e.getMessage());
        }
    }

    Path ledgerFile() {
        if (NONE.equals(ledger)) {
            throw new UserException(
                    "--ledger none keeps nothing that could be read; a file of that name is"
                            + " ./none");
        }
        if (ledger != null && ledger.contains("://")) {
            throw new UserException(
                    "--ledger takes a file or postgresql://USER@HOST/DATABASE, no other address");
        }
        return ledger != null ? Path.of(ledger) : dataFolder().resolve("ledger.db");
    }

    LedgerReader readLedger() {
        return ledgerDatabase(() -> policy.file().load())
                .map(LedgerReader::open)
                .orElseGet(() -> LedgerReader.open(ledgerFile()));
    }

    /** To compute costs in the ledger anew; without changing anything in a dry run. */
    Repricing reprice(Policy loaded, boolean dryRun) {
        return ledgerDatabase(() -> loaded)
                .map(address -> dryRun ? Repricing.dryRun(address) : Repricing.open(address))
                .orElseGet(() ->
                        dryRun ? Repricing.dryRun(ledgerFile()) : Repricing.open(ledgerFile()));
    }

    Ledger openLedger(Policy loaded) {
        if (NONE.equals(ledger)) {
            if (!loaded.budgets().rules().isEmpty()) {
                throw new UserException(
                        "the policy has budgets, whose books are in the ledger: --ledger none"
                                + " cannot keep them");
            }
            return Ledger.NOWHERE;
        }
        LedgerOptions said = LedgerOptions.defaults().withStoreContent(loaded.storeContent());
        LedgerOptions options = loaded.ledgerKeep().map(said::withKeep).orElse(said);
        return ledgerDatabase(() -> loaded)
                .<Ledger>map(address -> PostgresLedger.open(address, dataFolder(), options))
                .orElseGet(() -> SqliteLedger.open(ledgerFile(), options));
    }

    /** The keys of callers, in the ledger; to be closed. */
    KeyStore keyStore(Supplier<Policy> loaded) {
        return ledgerDatabase(loaded)
                .map(KeyStore::open)
                .orElseGet(() -> KeyStore.open(ledgerFile()));
    }

    /** Keys as a gateway asks for them, and what ends the reading of them. */
    record ReadKeys(AccessKeys keys, Runnable end) implements AccessKeys, AutoCloseable {

        @Override
        public KeyRing current() {
            return keys.current();
        }

        @Override
        public void close() {
            end.run();
        }
    }

    /** Those keys as a gateway reads them, over and over; none without a ledger. */
    ReadKeys readKeys(Policy loaded) {
        if (NONE.equals(ledger)) {
            return new ReadKeys(AccessKeys.NONE, () -> {});
        }
        boolean file = ledgerDatabase(() -> loaded).isEmpty();
        Path folder = file ? ledgerFile().toAbsolutePath().resolveSibling("") : dataFolder();
        StoredKeys stored = StoredKeys.open(keyStore(() -> loaded), folder);
        return new ReadKeys(stored, stored::close);
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
    record Opened(Router router, Ledger ledger) implements AutoCloseable {
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
        Ledger opened = openLedger(loaded);
        return new Opened(PolicyOption.router(file, loaded, opened, opened.budgets()), opened);
    }
}

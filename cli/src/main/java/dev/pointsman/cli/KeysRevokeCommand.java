package dev.pointsman.cli;

import dev.pointsman.access.AccessKey;
import dev.pointsman.ledger.KeyStore;
import dev.pointsman.ledger.StoredKeys;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.time.Instant;
import java.util.concurrent.Callable;

@Command(
        name = "revoke",
        description =
                "Has a key let nobody in any more. Its name in old requests stays, and may be given"
                        + " to another key.",
        mixinStandardHelpOptions = true)
final class KeysRevokeCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final Setup setup = new Setup();

    @Parameters(paramLabel = "NAME", description = "The key's name.")
    private String name = "";

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Instant now = Instant.now();
        AccessKey revoked;
        try (KeyStore store = setup.keyStore(() -> setup.policy().file().load())) {
            revoked = store.revoke(name, now).revokedAt(now);
        }
        if (json) {
            spec.commandLine().getOut().println(Render.pretty(KeysListCommand.render(revoked)));
            return ExitCode.OK;
        }
        spec.commandLine()
                .getErr()
                .println(
                        "revoked: "
                                + name
                                + " ("
                                + AccessKey.PREFIX
                                + "..."
                                + revoked.hint()
                                + "). Gateways with this ledger refuse it within "
                                + StoredKeys.INTERVAL.plusSeconds(1).toSeconds()
                                + " seconds.");
        return ExitCode.OK;
    }
}

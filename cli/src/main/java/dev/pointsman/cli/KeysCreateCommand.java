package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.access.AccessKey;
import dev.pointsman.access.Grant;
import dev.pointsman.budget.Limit;
import dev.pointsman.ledger.KeyStore;
import dev.pointsman.ledger.StoredKeys;
import dev.pointsman.policy.GatewaySettings;
import dev.pointsman.policy.Policy;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "create",
        description =
                "Makes a key and prints it, this once: the ledger keeps a hash of it. A gateway"
                        + " with that ledger takes it within seconds.",
        mixinStandardHelpOptions = true)
final class KeysCreateCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final Setup setup = new Setup();

    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "Who will hold it, for reports.")
    private String name = "";

    @Option(
            names = "--budget",
            paramLabel = "LIMIT",
            converter = LimitConverter.class,
            description = "What it may spend, such as 50usd/month, 0.5usd/day or 10usd in all.")
    private @Nullable Limit budget;

    @Option(names = "--rpm", paramLabel = "N", description = "Requests a minute at most.")
    private @Nullable Long requests;

    @Option(names = "--tpm", paramLabel = "N", description = "Tokens a minute at most, in and out.")
    private @Nullable Long tokens;

    @Option(
            names = "--models",
            paramLabel = "M",
            split = ",",
            description =
                    "The only models: provider/id, provider/*, aliases and pools, between commas.")
    private List<String> models = new ArrayList<>();

    @Option(
            names = "--categories",
            paramLabel = "C",
            split = ",",
            description = "The only categories, between commas.")
    private List<String> categories = new ArrayList<>();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Policy policy = setup.policy().file().load();
        AccessKey draft = checked(policy);
        String text = AccessKey.newText(new SecureRandom());
        AccessKey key = AccessKey.of(draft.name(), text, draft.grant(), Instant.now());
        try (KeyStore store = setup.keyStore(() -> policy)) {
            store.create(key);
        }
        tell(key, text);
        return ExitCode.OK;
    }

    /** Before a key is made, so that none is made in vain. */
    private AccessKey checked(Policy policy) {
        boolean taken =
                policy.gateway().keys().stream()
                        .map(GatewaySettings.Key::name)
                        .anyMatch(name::equals);
        if (taken) {
            throw new UserException(
                    "gateway.keys of the policy has a key \"" + name + "\": take another name");
        }
        GrantCheck check = new GrantCheck(policy);
        models.forEach(check::model);
        categories.forEach(check::category);
        Grant grant =
                new Grant(
                        Optional.ofNullable(budget),
                        perMinute("--rpm", requests),
                        perMinute("--tpm", tokens),
                        models,
                        categories);
        return AccessKey.of(name, "", grant, Instant.EPOCH);
    }

    private static long perMinute(String option, @Nullable Long number) {
        if (number != null && number < 1) {
            throw new UserException(option + " is 1 or more, not " + number);
        }
        return number == null ? 0 : number;
    }

    private void tell(AccessKey key, String text) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (json) {
            ObjectNode made = Render.object().put("key", text);
            made.setAll(KeysListCommand.render(key));
            out.println(Render.pretty(made));
        } else {
            out.println(text);
            out.flush();
            err.println(
                    "Clients of the gateway show it as their API key: OPENAI_API_KEY,"
                            + " ANTHROPIC_API_KEY or GEMINI_API_KEY, or Authorization: Bearer.");
        }
        err.println(
                "It is not shown again. A gateway with this ledger takes it within "
                        + StoredKeys.INTERVAL.plusSeconds(1).toSeconds()
                        + " seconds; from the first key on it lets nobody in without one.");
    }

    /** Reads a limit such as 50usd/month. */
    static final class LimitConverter implements ITypeConverter<Limit> {
        @Override
        public Limit convert(String text) {
            try {
                return Limit.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}

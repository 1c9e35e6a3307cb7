package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.access.AccessKey;
import dev.pointsman.access.Grant;
import dev.pointsman.budget.Limit;
import dev.pointsman.ledger.KeyStore;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;

@Command(
        name = "list",
        description = "The keys of the ledger, with what each may do; never their text.",
        mixinStandardHelpOptions = true)
final class KeysListCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final Setup setup = new Setup();

    @Option(names = "--all", description = "Revoked ones too.")
    private boolean all;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<AccessKey> stored;
        try (KeyStore store = setup.keyStore(() -> setup.policy().file().load())) {
            stored = store.keys();
        }
        List<AccessKey> keys = stored.stream().filter(key -> all || !key.isRevoked()).toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ArrayNode array = Render.array();
            keys.forEach(key -> array.add(render(key)));
            out.println(Render.pretty(array));
            return ExitCode.OK;
        }
        if (!keys.isEmpty()) {
            out.print(table(keys));
        }
        say(keys.size(), stored.size() - keys.size());
        return ExitCode.OK;
    }

    private void say(int shown, int revoked) {
        String more = revoked == 0 ? "" : "; --all shows " + revoked + " revoked";
        PrintWriter err = spec.commandLine().getErr();
        if (shown == 0) {
            err.println("no keys: pointsman keys create --name NAME makes one" + more);
        } else if (revoked > 0) {
            err.println(Figures.count(shown) + (shown == 1 ? " key" : " keys") + more);
        }
    }

    private static Table table(List<AccessKey> keys) {
        Table table =
                new Table(
                        8,
                        "name",
                        "key",
                        "budget",
                        "a minute",
                        "models",
                        "categories",
                        "created",
                        "revoked");
        keys.forEach(key ->
                table.row(
                        key.name(),
                        AccessKey.PREFIX + "..." + key.hint(),
                        key.budget().map(Limit::toString).orElse("-"),
                        perMinute(key.grant()),
                        names(key.grant().models()),
                        names(key.grant().categories()),
                        time(key.created()),
                        key.revoked().map(KeysListCommand::time).orElse("-")));
        return table;
    }

    private static String perMinute(Grant grant) {
        String requests =
                grant.requestsPerMinute() == 0
                        ? ""
                        : Figures.count(grant.requestsPerMinute()) + " requests";
        String tokens =
                grant.tokensPerMinute() == 0
                        ? ""
                        : Figures.count(grant.tokensPerMinute()) + " tokens";
        String both = requests + (requests.isEmpty() || tokens.isEmpty() ? "" : ", ") + tokens;
        return both.isEmpty() ? "-" : both;
    }

    private static String names(List<String> names) {
        return names.isEmpty() ? "all" : String.join(",", names);
    }

    private static String time(Instant moment) {
        return TIME.format(moment.atZone(ZoneId.systemDefault()));
    }

    static ObjectNode render(AccessKey key) {
        Grant grant = key.grant();
        ObjectNode json = Render.object().put("name", key.name()).put("hint", key.hint());
        grant.budget().ifPresent(limit -> json.put("budget", limit.toString()));
        if (grant.requestsPerMinute() > 0) {
            json.put("requests_per_minute", grant.requestsPerMinute());
        }
        if (grant.tokensPerMinute() > 0) {
            json.put("tokens_per_minute", grant.tokensPerMinute());
        }
        if (!grant.models().isEmpty()) {
            grant.models().forEach(json.putArray("models")::add);
        }
        if (!grant.categories().isEmpty()) {
            grant.categories().forEach(json.putArray("categories")::add);
        }
        json.put("created", key.created().toString());
        key.revoked().ifPresent(at -> json.put("revoked", at.toString()));
        return json;
    }
}

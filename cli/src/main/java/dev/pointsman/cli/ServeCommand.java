package dev.pointsman.cli;

import dev.pointsman.access.AccessKeys;
import dev.pointsman.gateway.Gateway;
import dev.pointsman.gateway.GatewayOptions;
import dev.pointsman.ledger.Ledger;
import dev.pointsman.policy.DurationText;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

@Command(
        name = "serve",
        description =
                "Serves OpenAI, Anthropic and Gemini clients: the model auto has each task routed.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "SIGHUP, or a change of the policy file, puts the policy in force anew; a wrong",
            "one is told and the old one stays. SIGTERM takes no more requests and lets",
            "those under way end. /metrics says which models are shut, and what fails."
        })
final class ServeCommand implements Callable<Integer> {

    private static final int PORT = 8484;
    private static final int PORTS = 65_535;

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final Setup setup = new Setup();

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description =
                    "The address to listen on; ${DEFAULT-VALUE}. Another than this machine's own"
                            + " needs keys (gateway.keys of the policy, or pointsman keys create),"
                            + " or --insecure.")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            defaultValue = "" + PORT,
            description = "The port for callers; ${DEFAULT-VALUE}. 0 takes any that is free.")
    private int port = PORT;

    @Option(
            names = "--admin-port",
            defaultValue = "8485",
            description =
                    "The port for /healthz, /readyz and /metrics; ${DEFAULT-VALUE}. 0 takes any"
                            + " that is free.")
    private int adminPort;

    @Option(
            names = "--admin-host",
            defaultValue = "127.0.0.1",
            description = "The address for those, which ask for no key; ${DEFAULT-VALUE}.")
    private String adminHost = "127.0.0.1";

    @Option(
            names = "--practice",
            description = "Calls nobody: decisions are real, answers are placeholders.")
    private boolean practice;

    @Option(names = "--insecure", description = "Listens on any address without keys.")
    private boolean insecure;

    @Option(
            names = "--drain",
            defaultValue = "600s",
            paramLabel = "TIME",
            converter = Time.class,
            description =
                    "How long requests under way may take after SIGTERM; ${DEFAULT-VALUE}. Such as"
                            + " 500ms, 30s, 10m.")
    private Duration drain = Duration.ofMinutes(10);

    @Override
    public Integer call() throws InterruptedException {
        PolicyFile file = setup.policy().file();
        requirePort("--port", port);
        requirePort("--admin-port", adminPort);
        Policy policy = file.load();
        boolean practises = practice || PolicyOption.practises(file, policy);
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread hook = new Thread(() -> stopAndWait(stop, stopped), "pointsman-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        PrintWriter err = spec.commandLine().getErr();
        try (Ledger ledger = setup.openLedger(policy);
                Setup.ReadKeys keys = setup.readKeys(policy);
                Gateway gateway = start(policy, practises, ledger, keys);
                PolicyWatch watch =
                        new PolicyWatch(
                                setup.policy(),
                                other -> refuseOpenDoors(other, keys),
                                gateway,
                                err);
                OldGeneration heap = OldGeneration.watch()) {
            greet(gateway, file, practises, needsKey(policy, keys));
            watch.start();
            stop.await();
            err.println("stopping: no more requests are taken, those under way are answered");
            if (!gateway.drain(drain)) {
                err.println("requests were still under way after " + drain + " and are broken off");
            }
        } catch (IllegalStateException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        } finally {
            stopped.countDown();
        }
        return ExitCode.OK;
    }

    private static void requirePort(String option, int number) {
        if (number < 0 || number > PORTS) {
            throw new UserException(option + " is from 0 to " + PORTS + ", not " + number);
        }
    }

    private Gateway start(Policy policy, boolean practises, Ledger ledger, AccessKeys keys) {
        refuseOpenDoors(policy, keys);
        return Gateway.start(
                policy,
                GatewayOptions.local()
                        .callers(host, port)
                        .admin(adminHost, adminPort)
                        .practice(practises)
                        .recorder(ledger)
                        .budgets(ledger.budgets())
                        .dropped(ledger::dropped)
                        .keys(keys));
    }

    private static boolean needsKey(Policy policy, AccessKeys keys) {
        return !policy.gateway().keys().isEmpty() || keys.current().isNeeded();
    }

    private void refuseOpenDoors(Policy policy, AccessKeys keys) {
        if (insecure || needsKey(policy, keys)) {
            return;
        }
        try {
            if (InetAddress.getByName(host).isLoopbackAddress()) {
                return;
            }
        } catch (UnknownHostException e) {
            throw new UserException("--host " + host + " is no address: " + e.getMessage());
        }
        throw new UserException(
                "on "
                        + host
                        + " everybody who reaches this machine could spend your money: make a key"
                        + " (pointsman keys create --name NAME), add gateway.keys to the policy,"
                        + " or say --insecure");
    }

    private static void stopAndWait(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void greet(Gateway gateway, PolicyFile file, boolean practises, boolean keyed) {
        PrintWriter out = spec.commandLine().getOut();
        String url = "http://" + shown(host) + ":" + gateway.port();
        out.println("Pointsman listens on " + url + " (policy: " + file.name() + ")");
        out.println(
                "health and metrics: http://"
                        + shown(adminHost)
                        + ":"
                        + gateway.adminPort()
                        + "/healthz, /readyz, /metrics");
        if (practises) {
            out.println(Practice.NOTE);
        } else {
            out.println("providers: " + providers(gateway.policy()));
        }
        String key = keyed ? "<your key>" : "any";
        out.println();
        out.println("OpenAI SDK:     OPENAI_BASE_URL=" + url + "/v1 OPENAI_API_KEY=" + key);
        out.println("Anthropic SDK:  ANTHROPIC_BASE_URL=" + url + " ANTHROPIC_API_KEY=" + key);
        out.println(
                "Claude Code:    ANTHROPIC_BASE_URL="
                        + url
                        + " ANTHROPIC_AUTH_TOKEN="
                        + key
                        + " claude --model auto");
        out.println();
        out.println("The model auto has each task routed; a model's own name goes to that model.");
        out.flush();
    }

    private static String shown(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    private static String providers(Policy policy) {
        List<String> ready =
                policy.providers().values().stream()
                        .filter(provider -> provider.unavailable().isEmpty())
                        .map(provider ->
                                provider.name() + (provider.isPlayed() ? " (plays faults)" : ""))
                        .toList();
        return ready.isEmpty()
                ? "none has its key, so no request can be answered: pointsman doctor says what to"
                        + " set"
                : String.join(", ", ready);
    }

    /** Reads a duration such as 500ms, 30s, 10m or 1h. */
    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return DurationText.read(text)
                    .orElseThrow(() ->
                            new TypeConversionException(
                                    "expected a time such as 500ms, 30s, 10m or 1h, not " + text));
        }
    }
}

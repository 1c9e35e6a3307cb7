package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;

import dev.pointsman.ledger.LedgerException;
import dev.pointsman.ledger.LedgerReader;
import dev.pointsman.ledger.PostgresAddress;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyException;
import dev.pointsman.policy.PolicyFile;
import dev.pointsman.policy.Provider;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

@Command(
        name = "doctor",
        description =
                "Looks at the JDK, the policy, keys, providers, local model servers and the ledger."
                        + " Sends no key.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Where local OpenAI-compatible servers listen unless told otherwise. */
    private static final Map<Integer, String> LOCAL_PORTS =
            Map.of(
                    11434,
                    "Ollama",
                    1234,
                    "LM Studio",
                    8000,
                    "vLLM",
                    8080,
                    "llama.cpp",
                    4891,
                    "GPT4All",
                    1337,
                    "Jan");

    /** How a thing is. */
    enum State {
        OK("ok"),
        NOTE("--"),
        BAD("!!");

        private final String sign;

        State(String sign) {
            this.sign = sign;
        }
    }

    private record Finding(State state, String about, String message) {}

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final Setup setup = new Setup();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Option(names = "--offline", description = "Does not look at providers and local servers.")
    private boolean offline;

    @Override
    public Integer call() throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        findings.add(
                new Finding(
                        State.OK,
                        "jdk",
                        Runtime.version() + " at " + System.getProperty("java.home")));
        PolicyFile file = setup.policy().file();
        try {
            Policy policy = file.load();
            findings.add(new Finding(State.OK, "policy", file.name() + ", hash " + policy.hash()));
            findings.addAll(categories(file, policy));
            findings.addAll(providers(policy));
        } catch (PolicyException e) {
            findings.add(new Finding(State.BAD, "policy", String.valueOf(e.getMessage())));
        }
        if (!offline) {
            findings.addAll(localServers());
        }
        findings.add(ledger(file));
        print(findings);
        return findings.stream().anyMatch(finding -> finding.state() == State.BAD)
                ? ExitCode.BAD_INPUT
                : ExitCode.OK;
    }

    private static List<Finding> categories(PolicyFile file, Policy policy) {
        if (PolicyOption.practises(file, policy)) {
            return List.of(
                    new Finding(
                            State.NOTE,
                            "practice",
                            Practice.NOTE.substring("practice: ".length())));
        }
        List<Finding> findings = new ArrayList<>();
        for (String category : policy.categories().keySet()) {
            boolean served =
                    policy.route(category).stream()
                            .anyMatch(one -> one.provider().unavailable().isEmpty());
            if (!served) {
                findings.add(
                        new Finding(
                                State.BAD,
                                "category " + category,
                                "none of its models has a key: no task of it can be answered"));
            }
        }
        return findings;
    }

    /** All providers at once: each may take as long as connecting may. */
    private List<Finding> providers(Policy policy) throws InterruptedException {
        return all(
                policy.providers().values().stream()
                        .map(provider -> () -> Optional.of(provider(provider))));
    }

    private Finding provider(Provider provider) {
        String about = "provider " + provider.name();
        if (provider.isPlayed()) {
            return new Finding(State.OK, about, "plays faults: nobody is called");
        }
        if (provider.unavailable().isPresent()) {
            return new Finding(State.NOTE, about, provider.unavailable().get());
        }
        if (offline) {
            return new Finding(State.OK, about, "key present");
        }
        URI uri = URI.create(provider.proxy().orElse(provider.baseUrl()).reveal());
        int port = uri.getPort() > 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
        boolean local = List.of("127.0.0.1", "localhost", "[::1]").contains(uri.getHost());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(uri.getHost(), port), (int) PATIENCE.toMillis());
            return new Finding(State.OK, about, "reachable at " + uri.getHost() + ":" + port);
        } catch (IOException e) {
            String message = uri.getHost() + ":" + port + " cannot be reached: " + e.getMessage();
            return new Finding(local ? State.NOTE : State.BAD, about, message);
        }
    }

    private static List<Finding> localServers() throws InterruptedException {
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        return all(
                LOCAL_PORTS.entrySet().stream()
                        .map(entry -> () -> localServer(client, entry.getKey(), entry.getValue())));
    }

    private static Optional<Finding> localServer(HttpClient client, int port, String usual) {
        String base = "http://127.0.0.1:" + port + "/v1";
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + "/models")).timeout(PATIENCE).build();
        try {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode models = new ObjectMapper().readTree(response.body()).path("data");
            if (response.statusCode() != 200 || !models.isArray()) {
                return Optional.empty();
            }
            String first =
                    models.isEmpty()
                            ? "no models"
                            : models.size()
                                    + " models, the first "
                                    + models.path(0).path("id").asText();
            return Optional.of(
                    new Finding(
                            State.OK,
                            "local server",
                            base
                                    + " (the usual port of "
                                    + usual
                                    + "): "
                                    + first
                                    + "; to use it: providers: { local: { format: openai-chat,"
                                    + " base-url: "
                                    + base
                                    + " } }"));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Finding ledger(PolicyFile policy) {
        try {
            return setup.ledgerDatabase(policy::load)
                    .map(DoctorCommand::database)
                    .orElseGet(this::ledgerFile);
        } catch (PolicyException | UserException | LedgerException e) {
            return new Finding(State.BAD, "ledger", String.valueOf(e.getMessage()));
        }
    }

    private static Finding database(PostgresAddress address) {
        LedgerReader.open(address).close();
        return new Finding(State.OK, "ledger", address.toString());
    }

    private Finding ledgerFile() {
        Path file = setup.ledgerFile();
        if (!Files.exists(file)) {
            return new Finding(
                    State.NOTE, "ledger", file + " is not there yet: the first task makes it");
        }
        boolean writable = Files.isReadable(file) && Files.isWritable(file);
        return new Finding(
                writable ? State.OK : State.BAD,
                "ledger",
                file + (writable ? "" : " cannot be written"));
    }

    private static List<Finding> all(Stream<Callable<Optional<Finding>>> checks)
            throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Optional<Finding>> one : threads.invokeAll(checks.toList())) {
                one.resultNow().ifPresent(findings::add);
            }
        }
        return findings;
    }

    private void print(List<Finding> findings) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ArrayNode all = Render.array();
            for (Finding finding : findings) {
                all.addObject()
                        .put("state", finding.state().name().toLowerCase(Locale.ROOT))
                        .put("about", finding.about())
                        .put("message", finding.message());
            }
            out.println(Render.pretty(all));
            return;
        }
        for (Finding finding : findings) {
            out.println(finding.state().sign + "  " + finding.about() + ": " + finding.message());
        }
    }
}

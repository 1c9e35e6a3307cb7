package dev.pointsman.gateway;

import dev.pointsman.access.AccessKeys;
import dev.pointsman.budget.Budgets;
import dev.pointsman.call.Engine;
import dev.pointsman.core.Money;
import dev.pointsman.policy.Policy;
import dev.pointsman.route.Connection;
import dev.pointsman.route.DecisionIds;
import dev.pointsman.route.Parts;
import dev.pointsman.route.Sessions;
import dev.pointsman.transport.PracticeTransport;
import dev.pointsman.transport.Transport;
import dev.pointsman.transport.VertxTransport;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;

/**
 * An HTTP server that any OpenAI, Anthropic or Gemini client can point at. Thread-safe; close it at
 * the end.
 *
 * <pre>{@code
 * try (Gateway gateway = Gateway.start(Policy.builtIn(), GatewayOptions.local())) {
 *     System.out.println("http://127.0.0.1:" + gateway.port());
 * }
 * }</pre>
 */
public final class Gateway implements AutoCloseable {

    private static final long START_SECONDS = 30;
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

    private final Vertx vertx;
    private final Connection connection;
    private final Shared shared;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final Admin admin;
    private final boolean loopback;
    private final AccessKeys keys;

    private Gateway(Vertx vertx, Connection connection, Shared shared, GatewayOptions options) {
        this.vertx = vertx;
        this.connection = connection;
        this.shared = shared;
        this.loopback = isLoopback(options.host());
        this.keys = options.keys();
        this.admin = new Admin(vertx, shared);
        SocketAddress address =
                options.port() == 0
                        ? SocketAddress.sharedRandomPort(1, options.host())
                        : SocketAddress.inetSocketAddress(options.port(), options.host());
        await(
                vertx.deployVerticle(
                        () -> new Loop(address),
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors())),
                options.port());
        await(admin.listen(options.adminHost(), options.adminPort()), options.adminPort());
    }

    /**
     * Starts; serves when this returns.
     *
     * @throws IllegalArgumentException if a key of the policy's gateway section has no value
     * @throws IllegalStateException if a port cannot be listened on; says which
     */
    public static Gateway start(Policy policy, GatewayOptions options) {
        prepareLog();
        Vertx vertx = VertxTransport.start();
        try {
            Transport calls = new VertxTransport(vertx);
            Transport transport = options.practice() ? new PracticeTransport(calls) : calls;
            LongSupplier random = () -> ThreadLocalRandom.current().nextLong();
            Connection connection = new Connection(() -> transport, random);
            Clock clock = Clock.systemUTC();
            Parts parts =
                    Parts.of(
                            policy,
                            options.recorder(),
                            options.budgets(),
                            options.practice(),
                            clock,
                            new DecisionIds(clock, random),
                            connection,
                            new Sessions(System::nanoTime, random.getAsLong()));
            parts.cascade().warmUp();
            Metrics metrics = new Metrics();
            Shared shared =
                    new Shared(
                            Serving.of(parts, isLoopback(options.host()), options.keys()), metrics);
            gauges(metrics, shared, options);
            gauges(metrics, connection);
            return new Gateway(vertx, connection, shared, options);
        } catch (RuntimeException e) {
            vertx.close();
            throw e;
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // listening on it fails, and says so
        }
    }

    /**
     * Loads what a line in the log needs, the rules of time zones for one. When the file
     * descriptors have run out, nothing could be loaded any more, and the thread that accepts would
     * end with the line that says so.
     */
    private static void prepareLog() {
        LogRecord line = new LogRecord(Level.WARNING, "prepared");
        line.setThrown(new IOException("prepared"));
        new SimpleFormatter().format(line);
    }

    private static void gauges(Metrics metrics, Shared shared, GatewayOptions options) {
        metrics.gauge("pointsman_requests_in_flight", "Requests under way", shared::requests);
        metrics.gauge("pointsman_connections", "Open connections of callers", shared::connections);
        metrics.gauge("pointsman_body_bytes", "Bytes of request bodies held", shared::bodyBytes);
        metrics.gauge(
                "pointsman_ledger_dropped_entries",
                "Entries that could not be written down",
                () -> options.dropped().getAsLong());
        metrics.gaugeBy(
                "budget",
                "pointsman_budget_limit_usd",
                "What may be spent, by budget",
                () -> byBudget(options, one -> one.budget().limit().amount()));
        metrics.gaugeBy(
                "budget",
                "pointsman_budget_spent_usd",
                "What is spent of budgets in this period, at most ten seconds ago",
                () -> byBudget(options, Budgets.Standing::spent));
        metrics.gaugeBy(
                "budget",
                "pointsman_budget_reserved_usd",
                "What is held back of budgets for requests under way",
                () -> byBudget(options, Budgets.Standing::reserved));
    }

    private static void gauges(Metrics metrics, Connection connection) {
        metrics.gaugeBy(
                "model",
                "pointsman_model_shut",
                "1 while a model is left alone after failures",
                () -> byModel(connection, health -> health.open() ? 0 : 1));
        metrics.gaugeBy(
                "model",
                "pointsman_model_calls_in_flight",
                "Calls under way, by model",
                () -> byModel(connection, Engine.Health::underWay));
    }

    /** Values of a tag may be any number; the series are not. */
    private static Map<String, Double> byBudget(
            GatewayOptions options, Function<Budgets.Standing, Money> amount) {
        return options.budgets().standings().stream()
                .limit(CallMetrics.MOST_MODELS)
                .collect(
                        Collectors.toMap(
                                one -> one.budget().account() + " " + one.budget().limit(),
                                one -> amount.apply(one).usd().doubleValue(),
                                (first, second) -> second));
    }

    private static Map<String, Double> byModel(
            Connection connection, ToDoubleFunction<Engine.Health> value) {
        return connection.health().stream()
                .collect(Collectors.toMap(Engine.Health::model, value::applyAsDouble));
    }

    /** Where callers come in, on one event loop. */
    private final class Loop extends VerticleBase {
        private final SocketAddress address;

        Loop(SocketAddress address) {
            this.address = address;
        }

        @Override
        public Future<?> start() {
            HttpServer server =
                    new Entrance(shared)
                            .on(
                                    vertx.createHttpServer(
                                            Entrance.options(shared.serving().limits())));
            return server.listen(address).onSuccess(servers::add);
        }
    }

    /** The port for callers. */
    public int port() {
        return servers.getFirst().actualPort();
    }

    /** The port for {@code /healthz}, {@code /readyz} and {@code /metrics}. */
    public int adminPort() {
        return admin.port();
    }

    /** The policy in force. */
    public Policy policy() {
        return shared.serving().policy();
    }

    /**
     * Puts another policy in force, whole; requests under way keep theirs. Limits of connections
     * hold for those opened after.
     *
     * @throws IllegalArgumentException if a key of its gateway section has no value; the old policy
     *     stays
     */
    public void reload(Policy policy) {
        Parts parts = shared.serving().parts().with(policy);
        parts.cascade().warmUp();
        shared.serve(Serving.of(parts, loopback, keys));
    }

    /**
     * Takes no more connections and waits until the requests under way are answered.
     *
     * @return whether all were, within that time
     */
    public boolean drain(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        shared.drain();
        servers.forEach(server -> server.shutdown(patience.toMillis(), TimeUnit.MILLISECONDS));
        while (shared.requests() > 0 && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return shared.requests() == 0;
    }

    /** Stops at once: requests under way are broken off. */
    @Override
    public void close() {
        shared.drain();
        connection.close();
    }

    private static void await(Future<?> future, int port) {
        try {
            future.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "The gateway cannot listen on port " + port + ": " + why(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the gateway started", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("The gateway did not start in time", e);
        }
    }

    private static String why(ExecutionException e) {
        String words = String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
        return words.contains("in use") ? "another program listens there" : words;
    }
}

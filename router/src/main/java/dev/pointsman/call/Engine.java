package dev.pointsman.call;

import dev.pointsman.transport.Transport;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Works requests down their rankings, and remembers how the models it called fared. Thread-safe;
 * each request has a lane of its own, and its future completes there.
 */
public final class Engine {

    private final Transport transport;
    private final Clock wallClock;
    private final LongSupplier nanoClock;
    private final RandomGenerator random;
    private final Known known;

    /**
     * @param wallClock says when an attempt began
     * @param nanoClock measures how long it took; monotonic nanoseconds such as {@link
     *     System#nanoTime()}
     * @param random spreads calls and delays; thread-safe
     */
    public Engine(
            Transport transport, Clock wallClock, LongSupplier nanoClock, RandomGenerator random) {
        this.transport = transport;
        this.wallClock = wallClock;
        this.nanoClock = nanoClock;
        this.random = random;
        this.known = new Known(wallClock, random);
    }

    /** Begins a request. */
    public Call call(CallRequest request) {
        Run run = new Run(request, known, transport.lane(), wallClock, nanoClock, random);
        run.lane().run(run::begin);
        return new Call(run.result(), () -> run.lane().run(run::stop));
    }

    /** How the models that were called fare now, by name. */
    public List<Health> health() {
        long now = nanoClock.getAsLong();
        return known.deployments().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> health(each.getKey(), each.getValue(), now))
                .toList();
    }

    private static Health health(String model, DeploymentState state, long now) {
        return new Health(model, state.breaker().admits(now), state.underWay());
    }

    /**
     * A request under way.
     *
     * @param result completes on the request's lane, exceptionally only for a request that cannot
     *     be written
     * @param cancel ends the calls under way and makes no other; the result then holds those
     *     attempts as failed
     */
    public record Call(CompletableFuture<CallResult> result, Runnable cancel) {}

    /**
     * How a model fares.
     *
     * @param model its name, {@code provider/id}
     * @param open whether calls to it may begin; else it is left alone
     * @param underWay calls under way
     */
    public record Health(String model, boolean open, int underWay) {}
}

package dev.pointsman.call;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Failure;
import dev.pointsman.policy.Deployment;
import dev.pointsman.transport.Transport;
import dev.pointsman.transport.Transport.Cancellable;
import dev.pointsman.transport.Transport.Lane;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Works requests down their rankings. Thread-safe; each request has a lane of its own, and its
 * future completes there.
 */
public final class Engine {

    private final Transport transport;
    private final Clock wallClock;
    private final LongSupplier nanoClock;
    private final Map<String, AtomicInteger> underWay = new ConcurrentHashMap<>();

    /**
     * @param wallClock says when an attempt began
     * @param nanoClock measures how long it took; monotonic nanoseconds such as {@link
     *     System#nanoTime()}
     */
    public Engine(Transport transport, Clock wallClock, LongSupplier nanoClock) {
        this.transport = transport;
        this.wallClock = wallClock;
        this.nanoClock = nanoClock;
    }

    /** Begins a request. */
    public Call call(CallRequest request) {
        Run run = new Run(request, transport.lane());
        run.lane.run(run::begin);
        return new Call(run.result, () -> run.lane.run(run::stop));
    }

    /**
     * A request under way.
     *
     * @param result completes on the request's lane, exceptionally only for a request that cannot
     *     be written
     * @param cancel ends the call under way and makes no other; the result then holds that attempt
     *     as failed
     */
    public record Call(CompletableFuture<CallResult> result, Runnable cancel) {}

    private AtomicInteger calls(Deployment deployment) {
        return underWay.computeIfAbsent(deployment.provider().name(), name -> new AtomicInteger());
    }

    private final class Run {
        private final CallRequest request;
        private final Lane lane;
        private final CompletableFuture<CallResult> result = new CompletableFuture<>();
        private final List<Attempt> attempts = new ArrayList<>();
        private final long deadline;
        private Cancellable attempt = () -> {};
        private int index;
        private boolean stopped;

        Run(CallRequest request, Lane lane) {
            this.request = request;
            this.lane = lane;
            this.deadline = nanoClock.getAsLong() + request.limits().total().toNanos();
        }

        void begin() {
            if (stopped) {
                result.complete(new CallResult(List.of(), Optional.empty()));
            } else {
                next();
            }
        }

        private void next() {
            Deployment deployment = request.ranking().get(index++);
            if (request.asking() instanceof Asking.OfBytes bytes) {
                bytes.relay().trying(deployment, attempts.size() + 1);
            }
            Duration left = Duration.ofNanos(Math.max(1, deadline - nanoClock.getAsLong()));
            AtomicInteger calls = calls(deployment);
            SingleAttempt next =
                    new SingleAttempt(
                            request,
                            deployment,
                            lane,
                            wallClock,
                            nanoClock,
                            outcome -> {
                                calls.decrementAndGet();
                                ended(outcome);
                            });
            try {
                if (calls.incrementAndGet() > request.providerLimit()) {
                    next.noRoom();
                    return;
                }
                int begun = index;
                Cancellable handle = next.start(left);
                if (begun == index) {
                    attempt = handle;
                }
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        }

        void stop() {
            stopped = true;
            attempt.cancel();
        }

        private void ended(AttemptOutcome outcome) {
            attempts.add(outcome.attempt());
            boolean again =
                    outcome.attempt().failure().filter(Failure::fallsBack).isPresent()
                            && !outcome.committed()
                            && !stopped
                            && index < request.ranking().size()
                            && attempts.size() < request.limits().max()
                            && deadline - nanoClock.getAsLong() > 0;
            if (again) {
                next();
            } else {
                result.complete(new CallResult(List.copyOf(attempts), outcome.answer()));
            }
        }
    }
}

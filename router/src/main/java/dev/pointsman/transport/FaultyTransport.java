package dev.pointsman.transport;

import dev.pointsman.policy.Faults;
import dev.pointsman.policy.Provider;

import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Plays the calls of providers that have faults, and sends all others over another transport. The
 * bytes are the format's, and come on the other transport's lanes, so that whoever waits for them
 * meets them as it would a real provider's.
 */
public final class FaultyTransport implements Transport {

    private final Transport base;
    private final LongSupplier seeds;
    private final Map<String, FaultChoice> choices = new ConcurrentHashMap<>();

    /**
     * @param base is closed with this
     * @param seeds 64 random bits a call, for chance without a seed of its own; must be thread-safe
     */
    public FaultyTransport(Transport base, LongSupplier seeds) {
        this.base = base;
        this.seeds = seeds;
    }

    @Override
    public Lane lane() {
        return new FaultyLane(base.lane());
    }

    @Override
    public boolean onEventLoop() {
        return base.onEventLoop();
    }

    @Override
    public void close() {
        base.close();
    }

    /** A script and a chance go on where they were as long as the policy says the same faults. */
    private FaultChoice choice(Provider provider, Faults faults) {
        FaultChoice known = choices.get(provider.name());
        if (known != null && known.faults().equals(faults)) {
            return known;
        }
        long seed = faults.seed().orElseGet(seeds);
        FaultChoice other = new FaultChoice(faults, new SplittableRandom(seed));
        return choices.merge(
                provider.name(),
                other,
                (was, made) -> was.faults().equals(made.faults()) ? was : made);
    }

    private final class FaultyLane implements Lane {
        private final Lane lane;

        FaultyLane(Lane lane) {
            this.lane = lane;
        }

        @Override
        public void run(Runnable action) {
            lane.run(action);
        }

        @Override
        public Cancellable after(Duration delay, Runnable action) {
            return lane.after(delay, action);
        }

        @Override
        public Sent send(Exchange exchange, Receiver receiver) {
            Optional<Faults> faults = exchange.provider().faults();
            if (faults.isEmpty()) {
                return lane.send(exchange, receiver);
            }
            FaultChoice choice = choice(exchange.provider(), faults.get());
            Iterator<Step> steps = FaultSteps.of(choice.of(exchange.model().id()), exchange);
            return new PlayedCall(lane, receiver, steps).start();
        }
    }
}

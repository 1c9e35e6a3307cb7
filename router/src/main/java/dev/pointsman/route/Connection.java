package dev.pointsman.route;

import dev.pointsman.call.Engine;
import dev.pointsman.transport.FaultyTransport;
import dev.pointsman.transport.Transport;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The engine and what it calls over, made on the first call. Providers that the policy has play
 * faults are played, whatever the others are called over.
 */
public final class Connection implements AutoCloseable {
    private final Supplier<Transport> open;
    private final LongSupplier random;
    private volatile Optional<Transport> transport = Optional.empty();
    private volatile Optional<Engine> engine = Optional.empty();
    private boolean closed;

    /**
     * @param random 64 random bits a call; must be thread-safe
     */
    public Connection(Supplier<Transport> open, LongSupplier random) {
        this.open = open;
        this.random = random;
    }

    public Engine engine(Clock clock) {
        Optional<Engine> made = engine;
        return made.isPresent() ? made.get() : make(clock);
    }

    /** How the models that were called fare now; empty before the first call. */
    public List<Engine.Health> health() {
        return engine.map(Engine::health).orElse(List.of());
    }

    public boolean onEventLoop() {
        return transport.filter(Transport::onEventLoop).isPresent();
    }

    private synchronized Engine make(Clock clock) {
        if (closed) {
            throw new IllegalStateException("This router is closed");
        }
        if (engine.isEmpty()) {
            Transport opened = new FaultyTransport(open.get(), random);
            transport = Optional.of(opened);
            engine = Optional.of(new Engine(opened, clock, System::nanoTime, new Random()));
        }
        return engine.get();
    }

    @Override
    public synchronized void close() {
        closed = true;
        engine = Optional.empty();
        transport.ifPresent(Transport::close);
        transport = Optional.empty();
    }
}

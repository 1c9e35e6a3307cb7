package dev.pointsman.call;

import dev.pointsman.transport.Exchange;

import java.util.function.BiFunction;

/** A simulated provider: a behaviour, and what came of the calls to it. */
final class SimUpstream {

    private final BiFunction<Exchange, Long, SimAnswer> behaviour;
    private long begun;
    private long ended;
    private long abandoned;

    /**
     * @param behaviour what it says to a call, which comes so many nanoseconds after the beginning
     */
    SimUpstream(BiFunction<Exchange, Long, SimAnswer> behaviour) {
        this.behaviour = behaviour;
    }

    SimAnswer answer(Exchange exchange, long elapsed) {
        return behaviour.apply(exchange, elapsed);
    }

    void begun() {
        begun++;
    }

    void ended() {
        ended++;
    }

    void abandoned() {
        abandoned++;
    }

    /** Calls that came. */
    long calls() {
        return begun;
    }

    /** Calls that were given up before their end. */
    long givenUp() {
        return abandoned;
    }

    /** Calls that are under way. */
    long underWay() {
        return begun - ended - abandoned;
    }
}

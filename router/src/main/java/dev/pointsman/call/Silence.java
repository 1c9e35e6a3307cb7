package dev.pointsman.call;

import dev.pointsman.core.Failure;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.Deployment;
import dev.pointsman.transport.Transport.Cancellable;
import dev.pointsman.transport.Transport.Lane;
import dev.pointsman.wire.Headers;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Tells the relay of a stream when nothing has gone to the caller for a while, whichever model is
 * being called. One timer for a request, set again when it rings early. Confined to the request's
 * lane.
 */
final class Silence implements Relay {

    private static final Cancellable UNSET = () -> {};

    private final Relay relay;
    private final Lane lane;
    private final LongSupplier nanoClock;
    private final long longest;
    private Cancellable timer = UNSET;
    private long since;
    private boolean over;

    private Silence(Relay relay, Lane lane, LongSupplier nanoClock, Duration longest) {
        this.relay = relay;
        this.lane = lane;
        this.nanoClock = nanoClock;
        this.longest = longest.toNanos();
    }

    /**
     * The same request, its silence watched if a stream is relayed.
     *
     * @param result ends the watch
     */
    static CallRequest watched(
            CallRequest request, Lane lane, LongSupplier nanoClock, CompletableFuture<?> result) {
        if (!(request.asking() instanceof Asking.OfBytes bytes) || !bytes.stream()) {
            return request;
        }
        Silence silence = new Silence(bytes.relay(), lane, nanoClock, request.limits().keepAlive());
        result.whenComplete((answer, failure) -> silence.stop());
        return request.asking(bytes.to(silence));
    }

    private void stop() {
        over = true;
        timer.cancel();
    }

    private void set(long nanos) {
        timer = lane.after(Duration.ofNanos(nanos), this::ring);
    }

    private void ring() {
        if (over) {
            return;
        }
        long now = nanoClock.getAsLong();
        if (now - since >= longest) {
            since = now;
            relay.silent();
        }
        set(longest - (now - since));
    }

    @Override
    public void trying(Deployment deployment, int number) {
        if (timer == UNSET) {
            since = nanoClock.getAsLong();
            set(longest);
        }
        relay.trying(deployment, number);
    }

    @Override
    public void leftOut(List<String> fields) {
        relay.leftOut(fields);
    }

    @Override
    public void refused(int status, Headers headers, byte[] body) {
        relay.refused(status, headers, body);
    }

    @Override
    public void silent() {
        relay.silent();
    }

    @Override
    public boolean isOpen() {
        return relay.isOpen();
    }

    @Override
    public void begin(int status, Headers headers, long length, Optional<Usage> usage, Flow flow) {
        relay.begin(status, headers, length, usage, flow);
    }

    @Override
    public void bytes(byte[] bytes) {
        since = nanoClock.getAsLong();
        relay.bytes(bytes);
    }

    @Override
    public void end() {
        relay.end();
    }

    @Override
    public void broken(Failure failure, boolean told) {
        relay.broken(failure, told);
    }
}

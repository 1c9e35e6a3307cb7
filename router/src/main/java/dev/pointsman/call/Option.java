package dev.pointsman.call;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Failure.Next;
import dev.pointsman.policy.Deployment;

import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * One candidate of a request, and what became of the calls to it. Confined to the request's lane;
 * times are monotonic nanoseconds.
 */
final class Option {

    /** An entry past a breaker that is shut: its ending is not the breaker's. */
    static final long FORCED = Breaker.SHUT - 1;

    private final Deployment deployment;
    private final DeploymentState state;
    private final UpstreamState upstream;
    private int calls;
    private boolean mayRepeat;
    private long notBefore;

    Option(Deployment deployment, DeploymentState state, UpstreamState upstream) {
        this.deployment = deployment;
        this.state = state;
        this.upstream = upstream;
    }

    Deployment deployment() {
        return deployment;
    }

    DeploymentState state() {
        return state;
    }

    UpstreamState upstream() {
        return upstream;
    }

    boolean isUntried() {
        return calls == 0;
    }

    /** Whether its last failure lets it be called again before that time. */
    boolean mayRepeat(long deadline) {
        return mayRepeat && notBefore - deadline < 0;
    }

    /** When it may be called again. */
    long notBefore() {
        return notBefore;
    }

    /** A call begins. */
    void begin(long now, long tokens) {
        if (isUntried()) {
            upstream.retries().requested(now);
        }
        calls++;
        mayRepeat = false;
        upstream.underWay().incrementAndGet();
        state.begin(now, tokens);
    }

    /** The call could not be made at all. */
    void abandon(long entry, long now, long tokens) {
        release(now, tokens, 0);
        if (entry != FORCED) {
            state.breaker().left(entry);
        }
    }

    /** The call has ended. */
    void end(long entry, long now, long tokens, Attempt attempt) {
        release(now, tokens, attempt.usage().totalInput() + attempt.usage().output());
        if (entry != FORCED) {
            state.judge(entry, now, attempt.failure());
        }
    }

    private void release(long now, long estimated, long actual) {
        upstream.underWay().decrementAndGet();
        state.end(now, estimated, actual);
    }

    /**
     * The call has failed.
     *
     * @param repeatable whether it may be repeated, if the failure is one of those that may
     */
    void failed(Failure failure, boolean repeatable, long now, RandomGenerator random) {
        if (repeatable && failure.next() == Next.AGAIN) {
            OptionalLong wait = Backoff.after(failure, calls, state.breaker().openFor(now), random);
            mayRepeat = wait.isPresent();
            notBefore = now + wait.orElse(0);
        }
    }
}

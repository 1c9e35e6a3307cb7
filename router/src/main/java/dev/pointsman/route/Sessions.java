package dev.pointsman.route;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;

import dev.pointsman.policy.SessionSettings;

import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The conversations under way. Holds at most {@value #MOST}, those least used are forgotten first;
 * each for as long as the policy said when it began. Thread-safe.
 */
public final class Sessions {

    /** About 50 MB. */
    static final int MOST = 100_000;

    private final LongSupplier nanoClock;
    private final long seed;
    private final Cache<SessionKey, Session> known;

    /**
     * @param nanoClock monotonic nanoseconds such as {@link System#nanoTime()}
     * @param seed random bits, so that nobody can tell which conversations share a key
     */
    public Sessions(LongSupplier nanoClock, long seed) {
        this(nanoClock, seed, MOST);
    }

    Sessions(LongSupplier nanoClock, long seed, int most) {
        this.nanoClock = nanoClock;
        this.seed = seed;
        this.known =
                Caffeine.newBuilder()
                        .maximumSize(most)
                        .expireAfter(
                                Expiry.<SessionKey, Session>accessing(
                                        (key, session) -> session.keep()))
                        .ticker(nanoClock::getAsLong)
                        .executor(Runnable::run)
                        .build();
    }

    /**
     * Begins the key of a conversation.
     *
     * @param scope who holds it
     */
    public SessionKey.Draft key(String scope) {
        return new SessionKey.Draft(scope, seed);
    }

    /**
     * A request of that conversation.
     *
     * @param toolLoop whether its last turn gives what a tool gave
     */
    SessionTurn turn(SessionKey key, boolean toolLoop, SessionSettings settings) {
        return new SessionTurn(
                this, key, Optional.ofNullable(known.getIfPresent(key)), toolLoop, settings);
    }

    Session begun(SessionKey key, SessionSettings settings) {
        return known.get(key, fresh -> new Session(settings.keep()));
    }

    long now() {
        return nanoClock.getAsLong();
    }

    /** How many are known, those included that are about to be forgotten. */
    public long size() {
        return known.estimatedSize();
    }

    /** Forgets what is due now. */
    void clean() {
        known.cleanUp();
    }
}

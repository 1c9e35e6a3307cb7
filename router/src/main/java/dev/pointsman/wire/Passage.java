package dev.pointsman.wire;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Usage;

import java.util.Optional;

/** A stream on its way from a provider to a caller. Has state; used by one thread at a time. */
public interface Passage {

    /**
     * Takes bytes of the provider.
     *
     * @return what is to be handed on
     */
    byte[] feed(byte[] bytes);

    /**
     * The provider's bytes have ended.
     *
     * @return what is still to be handed on
     */
    byte[] close();

    /** Whether the last bytes brought content. */
    boolean content();

    /** Whether any bytes brought content. */
    boolean begun();

    /** Whether the stream's own end has come. */
    boolean ended();

    /** What the provider says within the stream, or what is wrong with it. */
    Optional<Failure> failure();

    /** As the provider told it; {@link Usage#NONE} if it did not. */
    Usage usage();

    Optional<Stop> stop();

    /** How many events brought content. */
    long contents();

    /** The answer's text, as far as it was read. */
    CharSequence text();

    /** Whether a failure that the provider tells within the stream has reached the caller. */
    boolean tellsFailure();
}

package dev.pointsman.call;

import dev.pointsman.core.Failure;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.Deployment;
import dev.pointsman.wire.Headers;

import java.util.List;
import java.util.Optional;

/**
 * Where a provider's own bytes go. Nothing of an answer is handed on before its first content, so
 * that until then another model can take over unseen. Called on the request's lane.
 */
public interface Relay {

    /**
     * A model is called.
     *
     * @param number of the call, from 1
     */
    void trying(Deployment deployment, int number);

    /**
     * Something of the request is not said to the model that is called.
     *
     * @param fields what, each by a name that the caller or a reader knows
     */
    void leftOut(List<String> fields);

    /**
     * The provider refused; called before the attempt fails.
     *
     * @param status none of 2xx
     */
    void refused(int status, Headers headers, byte[] body);

    /**
     * Nothing has gone to the caller of a stream for {@code attempts.keep-alive}; what went so far
     * ends where an event does.
     */
    void silent();

    /**
     * Whether the caller has been told by {@link #silent()} that a stream comes, before any began:
     * then nothing else can be its answer.
     */
    boolean isOpen();

    /**
     * The answer begins. Called at most once for a request.
     *
     * @param length of the whole answer in bytes; -1 if it is not known
     * @param usage what the answer took, where it is known by now
     * @param flow slows and quickens the provider
     */
    void begin(int status, Headers headers, long length, Optional<Usage> usage, Flow flow);

    /** More of the answer. */
    void bytes(byte[] bytes);

    /** The answer is complete. */
    void end();

    /**
     * The answer has begun and will not be complete.
     *
     * @param told whether the provider's own words for it have gone to the caller
     */
    void broken(Failure failure, boolean told);

    /** Slows and quickens a provider. To be used on the request's lane. */
    interface Flow {
        /** Takes nothing more from the provider for now; its clocks stand still. */
        void pause();

        void resume();
    }
}

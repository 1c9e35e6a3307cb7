package dev.pointsman.call;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Usage;
import dev.pointsman.wire.Headers;

import java.time.Duration;
import java.util.Optional;

/** What becomes of the bytes of one attempt. Confined to the request's lane. */
interface Intake {

    void head(int status, Headers headers);

    /** Takes bytes; true if there was content among them. */
    boolean bytes(byte[] bytes);

    /**
     * Whether bytes of a whole answer are nothing but the blanks that some providers send while
     * they are at work.
     */
    static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return true;
    }

    /** The bytes have ended: the answer, or {@link #failure()} says why there is none. */
    Optional<Answer> end();

    /** The attempt is over without an end of its bytes, or with a failure among them. */
    void broken(Failure failure);

    /** Whether an answer's own end mark has come. */
    boolean ended();

    /** Whether bytes after the answer's own end mark are wanted. */
    boolean wantsRest();

    Optional<Failure> failure();

    Optional<Duration> firstContent();

    /**
     * The tokens of an attempt that failed: the provider's word if it gave one, an estimate if
     * content came, else none.
     */
    Usage usageSoFar();

    /** The answer's tokens where the provider told none. */
    long estimatedOutput();
}

package dev.pointsman.transport;

import dev.pointsman.core.Failure.Phase;
import dev.pointsman.wire.Headers;

import java.time.Duration;

/**
 * One thing that comes of a played call. After the last one nothing more comes, not even an end.
 */
sealed interface Step {

    record Head(int status, Headers headers) implements Step {}

    record Bytes(byte[] bytes) implements Step {}

    /** The answer's clean end. */
    record End() implements Step {}

    /** The connection fails. */
    record Broken(Phase phase, String message) implements Step {}

    /** Time passes before the next. */
    record Wait(Duration time) implements Step {}
}

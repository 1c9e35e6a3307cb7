package dev.pointsman.transport;

import dev.pointsman.core.Model;
import dev.pointsman.policy.Provider;
import dev.pointsman.wire.Format;
import dev.pointsman.wire.Operation;
import dev.pointsman.wire.WireRequest;

import java.time.Duration;

/**
 * One call to be made.
 *
 * @param provider where, with its key, headers, proxy and authorities
 * @param format what is spoken
 * @param operation what is asked
 * @param model what is called
 * @param request what is sent
 * @param stream whether the answer is asked for as a stream
 * @param connectTimeout how long connecting may take
 * @param estimatedInput the request's size in tokens, by estimate
 * @param expectedOutput the answer's expected size in tokens
 */
public record Exchange(
        Provider provider,
        Format format,
        Operation operation,
        Model model,
        WireRequest request,
        boolean stream,
        Duration connectTimeout,
        long estimatedInput,
        long expectedOutput) {}

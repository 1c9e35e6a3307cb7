/**
 * The formats providers speak, as bytes: what to send for a task, how to read what comes back,
 * unary and streamed, and what a failure means. Per format one {@link dev.pointsman.wire.Codec}.
 * This package must not know of policies, connections or retries.
 */
@NullMarked
package dev.pointsman.wire;

import org.jspecify.annotations.NullMarked;

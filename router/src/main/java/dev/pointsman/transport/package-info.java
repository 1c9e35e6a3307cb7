/**
 * Bytes to a provider and back: connections, TLS, cancelling. The only package that imports {@code
 * io.vertx}; what it shows to others is free of it. It must not know of attempts, fallbacks or what
 * the bytes mean.
 */
@NullMarked
package dev.pointsman.transport;

import org.jspecify.annotations.NullMarked;

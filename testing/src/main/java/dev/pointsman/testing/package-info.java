/**
 * A provider that does as it is told, for tests: a real HTTP/1.1 server on a loopback socket that
 * speaks the four formats in bytes of its own, streaming included. It knows nothing of the rest of
 * Pointsman, so that what it says proves something.
 */
@NullMarked
package dev.pointsman.testing;

import org.jspecify.annotations.NullMarked;

/**
 * A provider that does as it is told, for tests: a real HTTP/1.1 server on a loopback socket that
 * speaks the four formats in bytes of its own, streaming included; and a PostgreSQL that can be
 * stopped. They know nothing of the rest of Pointsman, so that what they say proves something.
 */
@NullMarked
package dev.pointsman.testing;

import org.jspecify.annotations.NullMarked;

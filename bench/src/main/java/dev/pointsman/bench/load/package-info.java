/**
 * Load beside nginx: the gateway, nginx and the bare upstream measured in turn by one program,
 * {@link dev.pointsman.bench.load.GatewayLoad}. Knows the gateway only as a process that listens on
 * a port.
 */
@NullMarked
package dev.pointsman.bench.load;

import org.jspecify.annotations.NullMarked;

/**
 * The command line. One class a command; {@link dev.pointsman.cli.PointsmanCommand} wires them,
 * {@code Setup} opens policy, router and ledger for those that need them, {@code Render} writes
 * values as JSON. It must hold no routing logic of its own.
 */
@NullMarked
package dev.pointsman.cli;

import org.jspecify.annotations.NullMarked;

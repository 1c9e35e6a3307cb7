/**
 * The values everything in Pointsman speaks: tasks and their conversation, decisions, attempts,
 * usage, money and failures, and the ports that other modules implement. Everything here is
 * immutable and safe to share between threads. This package knows no other package of Pointsman, no
 * file, no clock and no network.
 */
@NullMarked
package dev.pointsman.core;

import org.jspecify.annotations.NullMarked;

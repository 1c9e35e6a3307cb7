/**
 * Attempts: one request worked down its ranking of models with one budget of calls and one
 * deadline, under four clocks, until one answers. The first content an attempt gives to the caller
 * commits the request to it. It must not know how candidates were found.
 */
@NullMarked
package dev.pointsman.call;

import org.jspecify.annotations.NullMarked;

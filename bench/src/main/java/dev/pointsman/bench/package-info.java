/**
 * Programs that measure Pointsman and print how they did, and the maker of its catalogue. Not
 * published.
 */
@NullMarked
package dev.pointsman.bench;

import org.jspecify.annotations.NullMarked;

/**
 * Keys that let callers in, what each lets its holder do, and how one is found by what a caller
 * shows. Knows neither where keys are kept nor how they are shown.
 */
@NullMarked
package dev.pointsman.access;

import org.jspecify.annotations.NullMarked;

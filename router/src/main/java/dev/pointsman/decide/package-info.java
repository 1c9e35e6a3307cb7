/**
 * From a category to a ranking of models: candidates, rejections with reasons, order. Pure: no
 * clock, no randomness, no I/O, so that the same task, policy and prices give the same decision in
 * a call, in {@code explain} and in a replay. It must not know how calls are made.
 */
@NullMarked
package dev.pointsman.decide;

import org.jspecify.annotations.NullMarked;

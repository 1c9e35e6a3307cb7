/**
 * From a task to its category: the caller's word, the policy's rules, a small model's opinion.
 * Everything here is pure; where a model must be asked, this package says what to ask and reads the
 * answer, and the asking is done elsewhere. It must not know of candidates, connections or
 * attempts.
 */
@NullMarked
package dev.pointsman.classify;

import org.jspecify.annotations.NullMarked;

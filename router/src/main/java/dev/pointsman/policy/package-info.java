/**
 * The routing policy: read from YAML, laid over the built-in one, checked, frozen, and identified
 * by the hash of its content. What a file can say is defined once, in {@code PolicyShape}, from
 * which the reader, the error messages and the JSON Schema all come; what a file can say, {@link
 * Policy.Builder} can say. This package must not know how tasks are classified, ranked or called.
 */
@NullMarked
package dev.pointsman.policy;

import org.jspecify.annotations.NullMarked;

/**
 * The built-in classifier: from a text to numbers, and from numbers to categories with a
 * confidence. Pure Java, no I/O but reading its resource once. It must not know of policies, tasks
 * or models.
 */
@NullMarked
package dev.pointsman.classify.local;

import org.jspecify.annotations.NullMarked;

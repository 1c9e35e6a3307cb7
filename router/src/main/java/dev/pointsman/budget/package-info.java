/** What may be spent, by whom, until when, and the books of it. */
@NullMarked
package dev.pointsman.budget;

import org.jspecify.annotations.NullMarked;

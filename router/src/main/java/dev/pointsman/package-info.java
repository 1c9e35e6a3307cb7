/**
 * Pointsman as a library: {@link dev.pointsman.Router} sends each {@link dev.pointsman.core.Task}
 * to the model that should do it. Together with {@code dev.pointsman.core} and {@code
 * dev.pointsman.policy} this is all that most users import.
 */
@NullMarked
package dev.pointsman;

import org.jspecify.annotations.NullMarked;

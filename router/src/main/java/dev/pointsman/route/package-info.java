/**
 * One task on its way: classified, decided, called, settled, written down. The library and the
 * gateway differ only in where tasks come from and answers go. It must not know of either.
 */
@NullMarked
package dev.pointsman.route;

import org.jspecify.annotations.NullMarked;

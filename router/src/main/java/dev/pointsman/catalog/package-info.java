/**
 * What is known of models: prices, limits and abilities, as data read into {@link
 * dev.pointsman.core.Model}. The built-in catalogue is a resource made by {@code CatalogueMaker} in
 * the {@code bench} module. This package must not know of policies, formats or calls.
 */
@NullMarked
package dev.pointsman.catalog;

import org.jspecify.annotations.NullMarked;

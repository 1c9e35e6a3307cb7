/**
 * Durable records of every decision, attempt and cost, and the reports made from them. It takes
 * core's entries off the request's path and never slows or fails a request, whatever becomes of its
 * store. It knows no HTTP, no policy and no prices, and keeps no prompt unless the operator asks.
 */
@NullMarked
package dev.pointsman.ledger;

import org.jspecify.annotations.NullMarked;

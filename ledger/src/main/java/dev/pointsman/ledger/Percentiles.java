package dev.pointsman.ledger;

import java.time.Duration;

/**
 * The exact nearest-rank percentiles, in whole milliseconds: the smallest value that half, or 95%,
 * of all values do not exceed.
 */
public record Percentiles(Duration p50, Duration p95) {}

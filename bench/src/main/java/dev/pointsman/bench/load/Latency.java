package dev.pointsman.bench.load;

import org.HdrHistogram.Histogram;

import java.util.concurrent.TimeUnit;

/** Durations in nanoseconds, up to a minute, to three digits. */
final class Latency {

    private static final double NANOS_PER_MILLI = 1e6;

    private Latency() {}

    static Histogram histogram() {
        return new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    }

    static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }
}

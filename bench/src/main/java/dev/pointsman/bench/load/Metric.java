package dev.pointsman.bench.load;

/** What one round gives of one target. */
enum Metric {
    THROUGHPUT("requests/s", 0),
    CPU("CPU us/request", 1),
    THROUGHPUT_LESS("requests/s without it", 0),
    CPU_LESS("CPU less the classifier's", 1),
    CHUNK_CPU("CPU us/chunk", 1),
    UPSTREAM_CPU("the upstream's own", 1),
    CLIENT_CPU("the load generator's", 1),
    OTHERS("others on the machine, %", 1),
    P50("p50 ms", 3),
    P99("p99 ms", 3),
    FIRST_P50("first byte p50 ms", 3),
    FIRST_P99("first byte p99 ms", 3),
    DELAY_P50("chunk delay p50 ms", 3),
    DELAY_P99("chunk delay p99 ms", 3);

    private final String label;
    private final int decimals;

    Metric(String label, int decimals) {
        this.label = label;
        this.decimals = decimals;
    }

    String label() {
        return label;
    }

    String text(double value) {
        return String.format("%,." + decimals + "f", value);
    }
}

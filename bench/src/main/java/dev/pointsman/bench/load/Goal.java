package dev.pointsman.bench.load;

/** What a comparison is to come to, and what would be better still. */
record Goal(boolean atMost, double limit, double stretch) {

    static Goal atMost(double limit) {
        return new Goal(true, limit, limit);
    }

    static Goal atLeast(double limit) {
        return new Goal(false, limit, limit);
    }

    Goal stretch(double better) {
        return new Goal(atMost, limit, better);
    }

    String text() {
        String sign = atMost ? "<= " : ">= ";
        return sign + limit + (stretch == limit ? "" : " (" + stretch + ")");
    }

    String met(double value) {
        if (!holds(value, limit)) {
            return "no";
        }
        return stretch != limit && holds(value, stretch) ? "yes, stretch" : "yes";
    }

    private boolean holds(double value, double bound) {
        return atMost ? value <= bound : value >= bound;
    }
}

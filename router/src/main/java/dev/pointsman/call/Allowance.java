package dev.pointsman.call;

/** A share of requests that may be hedged, saved up to a few. Thread-safe. */
final class Allowance {

    private static final double MOST = 10;

    private final double share;
    private double saved = 1;

    /**
     * @param share of the requests, from 0 to 1
     */
    Allowance(double share) {
        this.share = share;
    }

    synchronized void requested() {
        saved = Math.min(MOST, saved + share);
    }

    /** Takes one if there is one. */
    synchronized boolean take() {
        if (saved < 1) {
            return false;
        }
        saved--;
        return true;
    }
}

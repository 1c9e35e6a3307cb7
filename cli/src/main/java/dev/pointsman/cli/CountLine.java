package dev.pointsman.cli;

import java.io.PrintWriter;

/** A line on a terminal that counts what is done. Silent elsewhere. */
final class CountLine implements AutoCloseable {

    private static final long TOLD_EVERY = 50_000;

    private final PrintWriter err;
    private final boolean shown;
    private final String what;
    private long told;
    private long count;

    /**
     * @param what is counted, in the plural
     */
    CountLine(PrintWriter err, boolean shown, String what) {
        this.err = err;
        this.shown = shown && System.console() != null;
        this.what = what;
    }

    void at(long done) {
        count = done;
        if (shown && done - told >= TOLD_EVERY) {
            tell();
        }
    }

    private void tell() {
        told = count;
        err.print("\r" + Figures.count(count) + " " + what);
        err.flush();
    }

    /** Tells the last count and ends the line. */
    @Override
    public void close() {
        if (shown) {
            tell();
            err.println();
        }
    }
}

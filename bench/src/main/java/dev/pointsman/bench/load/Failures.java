package dev.pointsman.bench.load;

import java.util.concurrent.atomic.AtomicInteger;

/** What went wrong under load: how often, and the first of it. */
final class Failures {

    /** More say nothing new. */
    private static final int MOST = 1000;

    private final AtomicInteger count = new AtomicInteger();
    private volatile String first = "";

    void check(int status) {
        if (status != 200) {
            add("status " + status);
        }
    }

    /** Whether to go on. */
    boolean add(Throwable cause) {
        return add(cause.toString());
    }

    boolean add(String what) {
        if (count.getAndIncrement() == 0) {
            first = what;
        }
        return count.get() < MOST;
    }

    /**
     * Fails if there was any.
     *
     * @throws IllegalStateException with the first and their number
     */
    void refuse() {
        if (count.get() > 0) {
            throw new IllegalStateException(toString());
        }
    }

    @Override
    public String toString() {
        return count.get() == 0 ? "none" : count + ", the first: " + first;
    }
}

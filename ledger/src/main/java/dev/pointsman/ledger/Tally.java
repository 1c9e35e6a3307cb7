package dev.pointsman.ledger;

import dev.pointsman.core.Usage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Adds up requests, to a row of a report or to a rollup. Not thread-safe. */
final class Tally {

    /**
     * Its columns in a rollup, in the order of {@link #values} and {@link #add(ResultSet, int)}.
     */
    static final List<String> COLUMNS =
            List.of(
                    "requests",
                    "failed",
                    "fallbacks",
                    "estimated",
                    "input_tokens",
                    "output_tokens",
                    "cache_read_tokens",
                    "cache_write_tokens",
                    "reasoning_tokens",
                    "cost_nanos",
                    "cost_unknown",
                    "classification_nanos",
                    "classification_unknown",
                    "saved_nanos",
                    "saved_unknown",
                    "latency",
                    "first_content");

    private long requests;
    private long failed;
    private long fallbacks;
    private long practice;
    private long estimated;
    private long input;
    private long output;
    private long cacheRead;
    private long cacheWrite;
    private long reasoning;
    private final Amount cost = new Amount();
    private final Amount classificationCost = new Amount();
    private final Amount saved = new Amount();
    private final Distribution latency = new Distribution();
    private final Distribution firstContent = new Distribution();

    void add(StoredRequest request) {
        requests++;
        failed += request.failed() ? 1 : 0;
        fallbacks += request.fallback() ? 1 : 0;
        practice += request.practice() ? 1 : 0;
        add(request.usage());
        cost.add(request.cost());
        classificationCost.add(request.classificationCost());
        saved.add(request.saved());
        latency.add(request.latencyMillis());
        request.firstContentMillis().ifPresent(firstContent::add);
    }

    /** Puts what a request costs now in the place of what it did; it may be counted elsewhere. */
    void replace(StoredRequest former, StoredRequest request) {
        cost.replace(former.cost(), request.cost());
        classificationCost.replace(former.classificationCost(), request.classificationCost());
        saved.replace(former.saved(), request.saved());
    }

    private void add(Usage usage) {
        estimated += usage.estimated() ? 1 : 0;
        input = tokens(input, usage.input());
        output = tokens(output, usage.output());
        cacheRead = tokens(cacheRead, usage.cacheRead());
        cacheWrite = tokens(cacheWrite, usage.cacheWrite());
        reasoning = tokens(reasoning, usage.reasoning());
    }

    void add(Tally other) {
        requests += other.requests;
        failed += other.failed;
        fallbacks += other.fallbacks;
        practice += other.practice;
        estimated += other.estimated;
        input = tokens(input, other.input);
        output = tokens(output, other.output);
        cacheRead = tokens(cacheRead, other.cacheRead);
        cacheWrite = tokens(cacheWrite, other.cacheWrite);
        reasoning = tokens(reasoning, other.reasoning);
        cost.add(other.cost);
        classificationCost.add(other.classificationCost);
        saved.add(other.saved);
        latency.add(other.latency);
        firstContent.add(other.firstContent);
    }

    /** Adds a rollup whose columns begin at {@code first}, of practice or of none. */
    void add(ResultSet rollup, int first, boolean ofPractice) throws SQLException {
        long more = rollup.getLong(first);
        requests += more;
        practice += ofPractice ? more : 0;
        failed += rollup.getLong(first + 1);
        fallbacks += rollup.getLong(first + 2);
        estimated += rollup.getLong(first + 3);
        input = tokens(input, rollup.getLong(first + 4));
        output = tokens(output, rollup.getLong(first + 5));
        cacheRead = tokens(cacheRead, rollup.getLong(first + 6));
        cacheWrite = tokens(cacheWrite, rollup.getLong(first + 7));
        reasoning = tokens(reasoning, rollup.getLong(first + 8));
        cost.add(rollup.getLong(first + 9), rollup.getLong(first + 10));
        classificationCost.add(rollup.getLong(first + 11), rollup.getLong(first + 12));
        saved.add(rollup.getLong(first + 13), rollup.getLong(first + 14));
        latency.add(rollup.getBytes(first + 15));
        firstContent.add(rollup.getBytes(first + 16));
    }

    /** Their sum, or the largest there is: a provider may claim any number. */
    private static long tokens(long some, long more) {
        return some + more < 0 ? Long.MAX_VALUE : some + more;
    }

    Object[] values() {
        return new Object[] {
            requests,
            failed,
            fallbacks,
            estimated,
            input,
            output,
            cacheRead,
            cacheWrite,
            reasoning,
            cost.nanos(),
            cost.unknown(),
            classificationCost.nanos(),
            classificationCost.unknown(),
            saved.nanos(),
            saved.unknown(),
            latency.toBytes(),
            firstContent.toBytes()
        };
    }

    /** Its share is of as many requests as {@code all} has. */
    ReportRow row(String key, Tally all) {
        return new ReportRow(
                key,
                requests,
                requests == 0 ? 0 : (double) requests / all.requests,
                failed,
                fallbacks,
                practice,
                new Usage(input, output, cacheRead, cacheWrite, reasoning, estimated > 0),
                cost.sum(),
                classificationCost.sum(),
                saved.sum(),
                latency.percentiles(),
                firstContent.percentiles());
    }
}

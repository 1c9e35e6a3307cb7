package dev.pointsman.ledger;

import dev.pointsman.core.Usage;

/** Adds up requests to a report's row. */
final class Tally {

    private long requests;
    private long failed;
    private long fallbacks;
    private long practice;
    private Usage tokens = Usage.NONE;
    private Sum cost = Sum.NONE;
    private Sum classificationCost = Sum.NONE;
    private Sum saved = Sum.NONE;
    private final Distribution latency = new Distribution();
    private final Distribution firstContent = new Distribution();

    void add(StoredRequest request) {
        requests++;
        failed += request.failed() ? 1 : 0;
        fallbacks += request.fallback() ? 1 : 0;
        practice += request.practice() ? 1 : 0;
        tokens = tokens.plus(request.usage());
        cost = cost.plus(request.cost());
        classificationCost = classificationCost.plus(request.classificationCost());
        saved = saved.plus(request.saved());
        latency.add(request.latencyMillis());
        request.firstContentMillis().ifPresent(firstContent::add);
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
                tokens,
                cost,
                classificationCost,
                saved,
                latency.percentiles(),
                firstContent.percentiles());
    }
}

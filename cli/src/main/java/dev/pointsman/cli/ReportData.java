package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.ledger.Percentiles;
import dev.pointsman.ledger.Report;
import dev.pointsman.ledger.ReportRow;
import dev.pointsman.ledger.Sum;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report for programs, as JSON and as CSV. */
final class ReportData {

    private static final List<String> COLUMNS =
            List.of(
                    "requests",
                    "share",
                    "failed",
                    "fallbacks",
                    "practice",
                    "input",
                    "output",
                    "cache_read",
                    "cache_write",
                    "reasoning",
                    "cache_hit_rate",
                    "cost",
                    "unknown_costs",
                    "classification_cost",
                    "unknown_classification_costs",
                    "saved",
                    "unknown_saved",
                    "first_content_ms_p50",
                    "first_content_ms_p95",
                    "latency_ms_p50",
                    "latency_ms_p95");

    private ReportData() {}

    /** Adds the rows, the total and what they are measured against. */
    static void put(Report report, ObjectNode to) {
        ArrayNode rows = to.putArray("rows");
        report.rows().forEach(row -> rows.add(json(row)));
        to.set("total", json(report.total()));
        report.baselines().forEach(to.putArray("baselines")::add);
        to.put("saved_assumption", ReportTable.against(report.baselines()));
    }

    private static ObjectNode json(ReportRow row) {
        ObjectNode json = Render.object().put("key", row.key()).put("requests", row.requests());
        json.put("share", row.share())
                .put("failed", row.failed())
                .put("fallbacks", row.fallbacks());
        json.put("practice", row.practice());
        json.set("tokens", Render.usage(row.tokens()));
        row.cacheHitRate().ifPresent(rate -> json.put("cache_hit_rate", rate));
        json.set("cost", Render.money(row.cost().known()));
        json.put("unknown_costs", row.cost().unknown());
        json.set("classification_cost", Render.money(row.classificationCost().known()));
        json.put("unknown_classification_costs", row.classificationCost().unknown());
        json.set("saved", Render.money(row.saved().known()));
        json.put("unknown_saved", row.saved().unknown());
        percentiles(json, "latency_ms", row.latency());
        percentiles(json, "first_content_ms", row.firstContent());
        return json;
    }

    private static void percentiles(
            ObjectNode json, String name, Optional<Percentiles> percentiles) {
        percentiles.ifPresent(both ->
                json.putObject(name)
                        .put("p50", both.p50().toMillis())
                        .put("p95", both.p95().toMillis()));
    }

    /**
     * A line of names and one for each row, without the total.
     *
     * @param by the name of the first column
     */
    static String csv(String by, Report report) {
        Stream<String> names =
                Stream.of(Csv.line(Stream.concat(Stream.of(by), COLUMNS.stream()).toList()));
        return Stream.concat(names, report.rows().stream().map(row -> Csv.line(values(row))))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static List<@Nullable Object> values(ReportRow row) {
        return Arrays.asList(
                row.key(),
                row.requests(),
                row.share(),
                row.failed(),
                row.fallbacks(),
                row.practice(),
                row.tokens().input(),
                row.tokens().output(),
                row.tokens().cacheRead(),
                row.tokens().cacheWrite(),
                row.tokens().reasoning(),
                row.cacheHitRate().isPresent() ? row.cacheHitRate().getAsDouble() : null,
                usd(row.cost()),
                row.cost().unknown(),
                usd(row.classificationCost()),
                row.classificationCost().unknown(),
                usd(row.saved()),
                row.saved().unknown(),
                millis(row.firstContent(), Percentiles::p50),
                millis(row.firstContent(), Percentiles::p95),
                millis(row.latency(), Percentiles::p50),
                millis(row.latency(), Percentiles::p95));
    }

    private static String usd(Sum sum) {
        return sum.known().usd().toPlainString();
    }

    private static @Nullable Long millis(
            Optional<Percentiles> percentiles, Function<Percentiles, Duration> which) {
        return percentiles.map(which).map(Duration::toMillis).orElse(null);
    }
}

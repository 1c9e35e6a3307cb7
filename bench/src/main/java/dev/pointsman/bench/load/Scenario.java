package dev.pointsman.bench.load;

import java.util.List;
import java.util.Map;

/** One kind of load, and what is read from it. */
interface Scenario {

    String title();

    /** How it is measured, in whole sentences. */
    String method();

    List<Row> rows();

    /** One measured round. */
    Map<Metric, Double> round(Target target);

    /** A shorter round that only warms up; what it gives is compared with the one before. */
    double warmUp(Target target);

    /** How often it may warm up at most. */
    int warmUps();
}

package dev.pointsman.classify.local;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Times something of each of many texts. */
final class Stopwatch {

    private Stopwatch() {}

    /**
     * The median microseconds of a call, on the calling thread, after as many rounds to warm up.
     *
     * @param call gives something of its result, so that nothing is left out
     */
    static double median(List<String> texts, int rounds, ToDoubleFunction<String> call) {
        double sum = 0;
        double[] times = new double[texts.size() * rounds];
        for (int round = -rounds; round < rounds; round++) {
            for (int i = 0; i < texts.size(); i++) {
                long begin = System.nanoTime();
                sum += call.applyAsDouble(texts.get(i));
                long end = System.nanoTime();
                if (round >= 0) {
                    times[round * texts.size() + i] = (end - begin) / 1e3;
                }
            }
        }
        if (Double.isNaN(sum)) {
            throw new IllegalStateException("A result is not a number");
        }
        Arrays.sort(times);
        return times[times.length / 2];
    }
}

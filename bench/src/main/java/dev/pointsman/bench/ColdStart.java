package dev.pointsman.bench;

import dev.pointsman.classify.local.LocalModel;
import dev.pointsman.classify.local.Verdict;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the built-in model costs a JVM that has just begun: the time to read it, the time until its
 * first answer, and the memory it keeps.
 */
final class ColdStart {

    private static final String TEXT =
            "Summarize this in one sentence: the disk of the build machine is full again.";
    private static final String MEMORY = "memory";
    private static final String TIME = "time";

    private ColdStart() {}

    /**
     * @param load nanoseconds to read the model
     * @param firstAnswer nanoseconds to read it and answer once
     */
    record Times(double load, double firstAnswer) {}

    /** The medians of so many new JVMs. */
    static Times times(int runs) throws IOException {
        double[] loads = new double[runs];
        double[] answers = new double[runs];
        for (int run = 0; run < runs; run++) {
            List<Long> said = inNewJvm(TIME);
            loads[run] = said.get(0);
            answers[run] = said.get(1);
        }
        return new Times(median(loads), median(answers));
    }

    /** The bytes in use after garbage collection beyond those before the model was read. */
    static long memory() throws IOException {
        return inNewJvm(MEMORY).get(0);
    }

    /** Prints whole numbers, one a line. */
    public static void main(String[] args) {
        if (args[0].equals(MEMORY)) {
            long before = used();
            Verdict verdict = LocalModel.builtIn().classify(TEXT);
            long after = used();
            System.out.println(after - before);
            System.err.println(verdict + " by " + LocalModel.builtIn().name());
        } else {
            long begin = System.nanoTime();
            LocalModel model = LocalModel.builtIn();
            long loaded = System.nanoTime();
            Verdict verdict = model.classify(TEXT);
            long answered = System.nanoTime();
            System.out.println(loaded - begin);
            System.out.println(answered - begin);
            System.err.println(verdict);
        }
    }

    private static List<Long> inNewJvm(String what) throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                ColdStart.class.getName(),
                                what)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        List<Long> numbers = new ArrayList<>();
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .forEach(line -> numbers.add(Long.valueOf(line)));
        if (numbers.isEmpty()) {
            throw new IOException("The new JVM said nothing");
        }
        return numbers;
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}

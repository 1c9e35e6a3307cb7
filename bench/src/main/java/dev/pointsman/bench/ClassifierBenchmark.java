package dev.pointsman.bench;

import dev.pointsman.classify.Cascade;
import dev.pointsman.classify.local.LocalModel;
import dev.pointsman.classify.local.OwnCategories;
import dev.pointsman.classify.local.Verdict;
import dev.pointsman.core.Task;
import dev.pointsman.policy.PolicyFile;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long the built-in classifier takes: one thread, single calls sampled, each with another text
 * than the one before (512 of a size), so that neither caches nor branch predictors know what
 * comes. {@code main} runs it, then measures what loading costs, and prints all beside the goals.
 *
 * <p>Other work on the machine shows in the higher percentiles first; the load average is printed
 * with them.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgs = {"-XX:+UseSerialGC", "-Xmx256m"})
public class ClassifierBenchmark {

    private static final int MEGABYTE = 1 << 20;
    private static final int JVMS = 5;

    private static final Map<String, String> GOALS =
            Map.of(
                    "classify tokens=20", "p50 10",
                    "classify tokens=200", "p50 60 (stretch 30)",
                    "classify tokens=2000", "p99 400",
                    "classifyMegabyte", "1,000",
                    "cascade taskTokens=0", "1,000",
                    "own size=77x11", "1,000",
                    "own size=500x10", "1,000");

    /** Goes round through texts; the count is a power of two. */
    private static final class Round<T> {
        private final List<T> values;
        private int next;

        Round(List<T> values) {
            this.values = values;
        }

        T next() {
            return values.get(next++ & (values.size() - 1));
        }
    }

    /** Texts of one size, and the model. */
    @State(Scope.Thread)
    public static class Texts {
        /** Words and signs a text. */
        @Param({"20", "200", "2000"})
        private int tokens = 20;

        private LocalModel model = LocalModel.builtIn();
        private Round<String> texts = new Round<>(List.of());

        /** Makes the texts. */
        @Setup(Level.Trial)
        public void make() throws IOException {
            texts = new Round<>(new BenchmarkTexts(1).ofTokens(512, tokens));
        }
    }

    /** Texts of a megabyte. */
    @State(Scope.Thread)
    public static class LongTexts {
        private LocalModel model = LocalModel.builtIn();
        private Round<String> texts = new Round<>(List.of());

        /** Makes the texts. */
        @Setup(Level.Trial)
        public void make() throws IOException {
            texts = new Round<>(new BenchmarkTexts(2).ofLength(16, MEGABYTE));
        }
    }

    /** Tasks, and the built-in policy's cascade. */
    @State(Scope.Thread)
    public static class Tasks {
        /** Words and signs a task; 0 is one of a megabyte. */
        @Param({"200", "0"})
        private int taskTokens = 200;

        private Cascade cascade = new Cascade(PolicyFile.builtIn().load());
        private Round<Task> tasks = new Round<>(List.of());

        /** Makes the tasks and reads the model. */
        @Setup(Level.Trial)
        public void make() throws IOException {
            BenchmarkTexts made = new BenchmarkTexts(3);
            List<String> texts =
                    taskTokens == 0 ? made.ofLength(16, MEGABYTE) : made.ofTokens(512, taskTokens);
            tasks = new Round<>(texts.stream().map(Task::of).toList());
            cascade.warmUp();
        }
    }

    /** Categories of a user's own, and texts to match. */
    @State(Scope.Thread)
    public static class Own {
        /** How many categories of how many examples. */
        @Param({"77x11", "500x10"})
        private String size = "77x11";

        private OwnCategories categories =
                new OwnCategories(LocalModel.builtIn(), Map.of("one", List.of("one")));
        private Round<String> texts = new Round<>(List.of());

        /** Makes them. */
        @Setup(Level.Trial)
        public void make() throws IOException {
            BenchmarkTexts made = new BenchmarkTexts(4);
            int by = size.indexOf('x');
            categories =
                    new OwnCategories(
                            LocalModel.builtIn(),
                            made.categories(
                                    Integer.parseInt(size.substring(0, by)),
                                    Integer.parseInt(size.substring(by + 1))));
            texts = new Round<>(made.ofTokens(512, 20));
        }
    }

    /** The built-in model. */
    @Benchmark
    public Verdict classify(Texts state) {
        return state.model.classify(state.texts.next());
    }

    /** The built-in model, of a megabyte. */
    @Benchmark
    public Verdict classifyMegabyte(LongTexts state) {
        return state.model.classify(state.texts.next());
    }

    /** All that stands between a task and its category. */
    @Benchmark
    public Cascade.Step cascade(Tasks state) {
        return state.cascade.begin(state.tasks.next(), 300);
    }

    /** Own categories, of 20 tokens. */
    @Benchmark
    public OwnCategories.Match own(Own state) {
        return state.categories.match(state.texts.next());
    }

    /** Runs the benchmark with allocation figures, then new JVMs, and prints all as a table. */
    public static void main(String[] args) throws RunnerException, IOException {
        double before = load();
        Collection<RunResult> results =
                new Runner(
                                new OptionsBuilder()
                                        .include(ClassifierBenchmark.class.getSimpleName())
                                        .addProfiler(GCProfiler.class)
                                        .build())
                        .run();
        ColdStart.Times cold = ColdStart.times(JVMS);
        long memory = ColdStart.memory();
        say("");
        say(
                "Java %s on %d cores; load average %.1f before, %.1f after.",
                Runtime.version(), Runtime.getRuntime().availableProcessors(), before, load());
        say("One thread, 2 forks of 5 s, 512 texts a size in turn; microseconds a call.");
        say("");
        say("| what | p50 | p99 | B/op | goal |");
        say("|---|---:|---:|---:|---|");
        results.forEach(ClassifierBenchmark::row);
        say("");
        say("In a new JVM, median of %d:", JVMS);
        say("");
        say("| what | measured | goal |");
        say("|---|---:|---|");
        say("| to read the model | %.0f ms | 150 ms |", cold.load() / 1e6);
        say("| to read it and answer once | %.0f ms | |", cold.firstAnswer() / 1e6);
        say("| memory it keeps | %.1f MB | 25 MB |", memory / 1e6);
    }

    private static void row(RunResult result) {
        String what =
                result.getParams().getBenchmark().replaceAll(".*\\.", "")
                        + result.getParams().getParamsKeys().stream()
                                .map(key -> " " + key + "=" + result.getParams().getParam(key))
                                .reduce("", String::concat);
        Statistics times = result.getPrimaryResult().getStatistics();
        Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
        say(
                "| %s | %.1f | %.1f | %s | %s |",
                what,
                times.getPercentile(50),
                times.getPercentile(99),
                bytes == null ? "?" : String.format(Locale.ROOT, "%,.0f", bytes.getScore()),
                GOALS.getOrDefault(what, ""));
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static void say(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format + "%n", arguments);
    }
}

package dev.pointsman.bench;

import dev.pointsman.Router;
import dev.pointsman.core.Decision;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import java.util.concurrent.TimeUnit;

/**
 * How long a decision takes in the library, without any call: one thread, the built-in policy, and
 * the same with a rule by caller, which walks the stack. Sampled, so that percentiles are of single
 * decisions. {@code main} runs it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-XX:+UseSerialGC", "-Xmx256m"})
public class DecisionBenchmark {

    private static final String CALLER_RULE =
            """
            rules:
              - when: { caller: "com.acme.billing.*" }
                category: triage
              - when: { starts-with: ["Summarize"] }
                category: triage
            """;

    /** The prompt's length in characters; it begins with a word of a rule, or with none. */
    @Param({"80", "800", "80000"})
    private int length = 80;

    @Param({"Summarize ", "Please look "})
    private String begin = "";

    private Task task = Task.of("x");
    private Router plain = Router.practice();
    private Router byCaller = Router.practice();

    /** Opens the routers. */
    @Setup(Level.Trial)
    public void open() {
        task =
                Task.of(
                        begin
                                + "the disk is full "
                                        .repeat(length / 17 + 1)
                                        .substring(0, length - begin.length()));
        plain = Router.of(PolicyFile.builtIn().load());
        byCaller = Router.of(PolicyFile.text(CALLER_RULE, "caller.yaml").load());
    }

    /** Closes them. */
    @TearDown(Level.Trial)
    public void close() {
        plain.close();
        byCaller.close();
    }

    /** By the built-in policy. */
    @Benchmark
    public Decision builtInPolicy() {
        return plain.explain(task);
    }

    /** By a policy that asks who calls. */
    @Benchmark
    public Decision callerRule() {
        return byCaller.explain(task);
    }

    /** Runs the benchmark with allocation figures. */
    public static void main(String[] args) throws RunnerException {
        new Runner(
                        new OptionsBuilder()
                                .include(DecisionBenchmark.class.getSimpleName())
                                .addProfiler(GCProfiler.class)
                                .build())
                .run();
    }
}

package dev.pointsman.bench.load;

import dev.pointsman.Router;
import dev.pointsman.core.Task;
import dev.pointsman.policy.Policy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** The CPU that the classifier takes for the prompts of the load, alone in this process. */
final class ClassifierTime {

    private static final int PROMPTS = 256;
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration MEASURED = Duration.ofSeconds(2);

    private ClassifierTime() {}

    /** Microseconds of this thread's CPU a prompt, once warm. */
    static double micros(String model) {
        List<Task> tasks =
                IntStream.range(0, PROMPTS)
                        .mapToObj(variant -> Payloads.task(model, variant))
                        .toList();
        try (Router router = Router.builder().policy(Policy.builtIn()).build()) {
            classify(router, tasks, WARM_UP);
            return classify(router, tasks, MEASURED);
        }
    }

    private static double classify(Router router, List<Task> tasks, Duration time) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        long end = System.nanoTime() + time.toNanos();
        long classified = 0;
        while (System.nanoTime() < end) {
            for (Task task : tasks) {
                router.classify(task);
            }
            classified += tasks.size();
        }
        return (threads.getCurrentThreadCpuTime() - before) / 1e3 / classified;
    }
}

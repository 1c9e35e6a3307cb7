package dev.pointsman.bench.load;

import java.util.EnumMap;
import java.util.Map;

/** What all scenarios share: the client, and the upstream whose CPU is told apart. */
record Rig(Client client, Program upstream) {

    /** Nanoseconds, of CPU but for the last, which is the time. */
    record Cpu(long target, long upstream, long client, long machine, long time) {

        Cpu since(Cpu before) {
            return new Cpu(
                    target - before.target,
                    upstream - before.upstream,
                    client - before.client,
                    machine - before.machine,
                    time - before.time);
        }
    }

    Cpu cpu(Target target) {
        return new Cpu(
                target.isBare() ? 0 : target.program().cpuNanos(),
                upstream.cpuNanos(),
                Proc.cpuNanos(ProcessHandle.current().pid()),
                Proc.machineNanos(),
                System.nanoTime());
    }

    /**
     * The CPU since then by unit of work, in microseconds; what the machine did beside it, as a
     * share of its cores.
     */
    Map<Metric, Double> cpuSince(Cpu before, Target target, Metric metric, long units) {
        Cpu used = cpu(target).since(before);
        Map<Metric, Double> result = new EnumMap<>(Metric.class);
        double micros = 1e3 * units;
        if (!target.isBare()) {
            result.put(metric, used.target() / micros);
        }
        result.put(Metric.UPSTREAM_CPU, used.upstream() / micros);
        result.put(Metric.CLIENT_CPU, used.client() / micros);
        long others = used.machine() - used.target() - used.upstream() - used.client();
        int cores = Runtime.getRuntime().availableProcessors();
        result.put(Metric.OTHERS, Math.max(0, 100.0 * others / used.time() / cores));
        return result;
    }
}

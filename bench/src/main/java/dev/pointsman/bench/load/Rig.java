package dev.pointsman.bench.load;

import java.util.EnumMap;
import java.util.Map;

/** What all scenarios share: the client, and the upstream whose CPU is told apart. */
record Rig(Client client, Program upstream) {

    /** Nanoseconds of CPU. */
    record Cpu(long target, long upstream, long client) {}

    Cpu cpu(Target target) {
        return new Cpu(
                target.program().cpuNanos(),
                upstream.cpuNanos(),
                Proc.cpuNanos(ProcessHandle.current().pid()));
    }

    /** The CPU since then by unit of work, in microseconds; of the bare upstream only its own. */
    Map<Metric, Double> cpuSince(Cpu before, Target target, Metric metric, long units) {
        Cpu now = cpu(target);
        Map<Metric, Double> result = new EnumMap<>(Metric.class);
        double micros = 1e3 * units;
        if (!target.isBare()) {
            result.put(metric, (now.target() - before.target()) / micros);
        }
        result.put(Metric.UPSTREAM_CPU, (now.upstream() - before.upstream()) / micros);
        result.put(Metric.CLIENT_CPU, (now.client() - before.client()) / micros);
        return result;
    }
}

package dev.pointsman.bench.load;

import dev.pointsman.testing.Fork;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Other mains of this module, each started in a JVM of its own. */
final class JavaPrograms {

    private static final List<String> SMALL =
            List.of("-Xms128m", "-Xmx512m", "-Dio.netty.buffer.checkBounds=false");

    private JavaPrograms() {}

    static Target upstream(Path folder) {
        int port = Program.freePort();
        return start(
                Target.BARE, folder, Upstream.class, SMALL, port, List.of(Integer.toString(port)));
    }

    /** With the launcher's own options, so that it says what is to be had with them. */
    static Target minimalProxy(Path folder, int upstreamPort, List<String> jvmOptions) {
        int port = Program.freePort();
        return start(
                Target.MINIMAL,
                folder,
                MinimalProxy.class,
                jvmOptions,
                port,
                List.of(Integer.toString(port), "127.0.0.1:" + upstreamPort));
    }

    private static Target start(
            String name,
            Path folder,
            Class<?> main,
            List<String> jvmOptions,
            int port,
            List<String> arguments) {
        List<String> options = new ArrayList<>(List.of("-XX:+UseSerialGC"));
        options.addAll(jvmOptions);
        List<String> command = Fork.of(options, main, arguments.toArray(String[]::new)).command();
        Program program = Program.start(command, Target.log(folder, name));
        program.awaitPort(port, Duration.ofSeconds(20));
        return new Target(name, program, port, port);
    }
}

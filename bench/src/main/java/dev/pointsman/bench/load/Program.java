package dev.pointsman.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** A process that was started to be measured, with all it started itself. */
final class Program implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Process process;
    private final Path log;

    private Program(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** What it says goes to the log; its input stays open as long as this process lives. */
    static Program start(List<String> command, Path log) {
        try {
            return new Program(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start(),
                    log);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not start " + command.getFirst(), e);
        }
    }

    static int freePort() {
        return freePorts(1).getFirst();
    }

    /** Several, each another. */
    static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0));
            }
            List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it accepts connections. */
    Program awaitPort(int port, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!accepts(port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                String said = said();
                close();
                throw new IllegalStateException("Nothing listens on port " + port + ":\n" + said);
            }
            LockSupport.parkNanos(1_000_000);
        }
        return this;
    }

    /** Nanoseconds of CPU it has used, its children included. */
    long cpuNanos() {
        return sum(Proc::cpuNanos);
    }

    /** Bytes it has resident, its children included. */
    long residentBytes() {
        return sum(Proc::residentBytes);
    }

    /** Its own process and its children. */
    List<Long> pids() {
        return all().map(ProcessHandle::pid).toList();
    }

    boolean runs() {
        return process.isAlive();
    }

    private Stream<ProcessHandle> all() {
        return Stream.concat(process.descendants(), Stream.of(process.toHandle()));
    }

    private long sum(ToLongFunction<Long> measure) {
        return pids().stream().mapToLong(measure).sum();
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** The end of its log. */
    String said() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return "and its log cannot be read: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> all = all().toList();
        process.destroy();
        try {
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}

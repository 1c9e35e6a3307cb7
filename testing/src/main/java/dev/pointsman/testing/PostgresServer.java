package dev.pointsman.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A PostgreSQL on a loopback port, with a folder of its own that ends with it. It can be stopped,
 * and started again at the same port with the same data. For one thread.
 */
public final class PostgresServer implements AutoCloseable {

    private final Path folder;
    private final int port;
    private EmbeddedPostgres server;

    private PostgresServer(Path folder, int port) throws IOException {
        this.folder = folder;
        this.port = port;
        this.server = startAt(folder, port);
    }

    public static PostgresServer start() {
        try {
            return new PostgresServer(Files.createTempDirectory("pointsman-postgres"), freePort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Nothing is forced to the disk: only a crash of the machine would tell. But what is committed
     * is written, which the embedded server leaves for later by default.
     */
    private static EmbeddedPostgres startAt(Path folder, int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("fsync", "off")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "50")
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    /** Of the database that is there from the beginning, with user and password. */
    public String url() {
        return "postgresql://postgres:x@localhost:" + port + "/postgres";
    }

    /** From now on it says nothing, though connections stay and are still accepted. */
    public void freeze() {
        signal("-STOP");
    }

    /** Goes on where it was frozen. */
    public void thaw() {
        signal("-CONT");
    }

    /** Breaks all connections and ends at once. */
    public void crash() {
        ProcessHandle process = process();
        signal("-QUIT", process);
        process.onExit().join();
    }

    private void signal(String signal) {
        ProcessHandle process = process();
        signal(signal, process);
        process.descendants().forEach(each -> signal(signal, each));
    }

    private static void signal(String signal, ProcessHandle process) {
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ProcessHandle process() {
        try {
            Path file = folder.resolve("data/postmaster.pid");
            return ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst()))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Recovers what was committed before the crash. */
    public void startAgain() {
        try {
            server.close();
            server = startAt(folder, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.pointsman.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBufUtil;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** How long it takes from the launcher's start to the first request answered. */
final class FirstAnswer {

    private static final int RUNS = 10;
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final long LIMIT = 300_000_000_000L;

    private final PointsmanProxy pointsman;

    FirstAnswer(Path launcher, Path folder, int upstreamPort) {
        this.pointsman = new PointsmanProxy(launcher, folder, upstreamPort);
    }

    void run(PrintStream out) throws IOException {
        out.printf(
                "%nStart%nFrom the launcher's exec to the first chat completion answered, %d runs;"
                        + " built, and its cache made, by one before.%n",
                RUNS);
        once();
        double[] seconds = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            seconds[i] = once() / 1e9;
        }
        Arrays.sort(seconds);
        out.printf(
                "median %.2f s, from %.2f to %.2f%n",
                (seconds[(RUNS - 1) / 2] + seconds[RUNS / 2]) / 2, seconds[0], seconds[RUNS - 1]);
    }

    private long once() throws IOException {
        byte[] request = ByteBufUtil.getBytes(Payloads.request());
        int port = Program.freePort();
        long begin = System.nanoTime();
        try (Program program = pointsman.launch(port)) {
            while (!answers(port, request)) {
                if (!program.runs() || System.nanoTime() - begin > LIMIT) {
                    throw new IllegalStateException("It did not start:\n" + program.said());
                }
                LockSupport.parkNanos(1_000_000);
            }
            return System.nanoTime() - begin;
        }
    }

    /** Whether it listens; if so it has to answer well. */
    private static boolean answers(int port, byte[] request) throws IOException {
        try (Socket socket = connected(port)) {
            if (!socket.isConnected()) {
                return false;
            }
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request);
            String status = new String(socket.getInputStream().readNBytes(12), US_ASCII);
            if (!status.endsWith("200")) {
                throw new IllegalStateException("The first answer was " + status);
            }
            return true;
        }
    }

    private static Socket connected(int port) {
        try {
            return new Socket(InetAddress.getLoopbackAddress(), port);
        } catch (IOException notYet) {
            return new Socket();
        }
    }
}

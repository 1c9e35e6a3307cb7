package dev.pointsman.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The TCP sockets a process holds, whatever their state, by {@code /proc/net/tcp}.
 *
 * @param clients accepted on one of its own ports
 * @param upstream connected to the upstream's
 */
record Sockets(int clients, int upstream) {

    private static final List<Path> TABLES =
            List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String LISTENING = "0A";
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int INODE = 9;

    static Sockets of(Target target, int upstreamPort) {
        Set<String> inodes = new HashSet<>();
        target.program().pids().forEach(pid -> addInodes(pid, inodes));
        int clients = 0;
        int upstream = 0;
        for (String line : table()) {
            String[] fields = line.trim().split(" +");
            if (inodes.contains(fields[INODE]) && !fields[STATE].equals(LISTENING)) {
                int local = port(fields[LOCAL]);
                if (local == target.port() || local == target.streamPort()) {
                    clients++;
                } else if (port(fields[REMOTE]) == upstreamPort) {
                    upstream++;
                }
            }
        }
        return new Sockets(clients, upstream);
    }

    private static List<String> table() {
        return TABLES.stream().filter(Files::exists).flatMap(Sockets::rows).toList();
    }

    private static Stream<String> rows(Path table) {
        try {
            return Files.readAllLines(table).stream().skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }

    /** A descriptor that is closed meanwhile is none. */
    private static void addInodes(long pid, Set<String> inodes) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : descriptors.toList()) {
                String to = to(descriptor);
                if (to.startsWith("socket:[")) {
                    inodes.add(to.substring(8, to.length() - 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String to(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }
}

package dev.pointsman.ledger;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A bounded queue of records in files, which outlives the process: what was not removed is there
 * again when it is next opened. Each process has a folder of its own, {@code 0}, {@code 1} and so
 * on; it takes over what processes that are gone left in theirs. Thread-safe.
 */
final class DiskQueue implements AutoCloseable {

    /** A segment that has grown to this is followed by another. */
    private static final long SEGMENT = 4 << 20;

    private static final int MOST_PROCESSES = 1_000;
    private static final String SUFFIX = ".spool";

    private final Path folder;
    private final FileChannel lock;
    private final long bound;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private long next;

    private DiskQueue(Path folder, FileChannel lock, long bound) {
        this.folder = folder;
        this.lock = lock;
        this.bound = bound;
    }

    /**
     * @param bound how many bytes the files may have together before the last record is added
     */
    static DiskQueue open(Path root, long bound) throws IOException {
        for (int i = 0; i < MOST_PROCESSES; i++) {
            Path folder = root.resolve(String.valueOf(i));
            FileChannel lock = lock(folder);
            if (lock != null) {
                DiskQueue queue = new DiskQueue(folder, lock, bound);
                queue.openSegments();
                queue.adopt(root);
                return queue;
            }
        }
        throw new IOException("all folders of " + root + " are in use");
    }

    private static @Nullable FileChannel lock(Path folder) throws IOException {
        PrivateFiles.createFolders(folder);
        FileChannel channel = FileChannel.open(folder.resolve("lock"), CREATE, WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // This process has it.
        }
        channel.close();
        return null;
    }

    private void openSegments() throws IOException {
        for (Path file : files(folder, SUFFIX)) {
            String name = file.getFileName().toString();
            next = Long.parseLong(name.substring(0, name.length() - SUFFIX.length())) + 1;
            segments.add(Segment.open(file));
        }
    }

    private void adopt(Path root) throws IOException {
        for (Path other : files(root, "")) {
            FileChannel free = other.equals(folder) ? null : lock(other);
            if (free != null) {
                for (Path file : files(other, SUFFIX)) {
                    segments.add(Segment.open(Files.move(file, nextFile())));
                }
                free.close();
            }
        }
    }

    private Path nextFile() {
        return folder.resolve("%019d%s".formatted(next++, SUFFIX));
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    /**
     * Adds a record, which is on the disk when this returns.
     *
     * @throws IOException if the queue is full, or the disk is or fails; nothing was added then
     */
    synchronized void add(byte[] record) throws IOException {
        long used = segments.stream().mapToLong(Segment::length).sum();
        if (used >= bound) {
            throw new IOException("the spool %s is full with %,d bytes".formatted(folder, used));
        }
        if (segments.isEmpty() || segments.getLast().length() >= SEGMENT) {
            segments.add(Segment.open(nextFile()));
        }
        segments.getLast().append(record);
        notifyAll();
    }

    synchronized boolean isEmpty() {
        return segments.stream().allMatch(Segment::isRead);
    }

    /** Waits for a record. Returns whether there is one. */
    synchronized boolean await(long millis) throws InterruptedException {
        if (isEmpty()) {
            TimeUnit.MILLISECONDS.timedWait(this, millis);
        }
        return !isEmpty();
    }

    /** Lets {@link #await} return. */
    synchronized void wake() {
        notifyAll();
    }

    /** The oldest record; there must be one. */
    synchronized byte[] first() throws IOException {
        return segments.getFirst().first();
    }

    synchronized void removeFirst() throws IOException {
        segments.getFirst().removeFirst();
        while (segments.size() > 1 && segments.getFirst().isRead()) {
            segments.removeFirst().delete();
        }
        if (segments.getFirst().isRead()) {
            segments.getFirst().clear();
        }
    }

    /** Leaves what is not removed to whoever opens it next. */
    @Override
    public synchronized void close() throws IOException {
        for (Segment segment : segments) {
            segment.close();
        }
        segments.clear();
        lock.close();
    }
}

package dev.pointsman.ledger;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A file of records, each its length, its checksum and its bytes. What follows the last whole
 * record is what a killed process left, and is written over.
 */
final class Segment {

    private static final int HEADER = 2 * Integer.BYTES;

    private final Path file;
    private final FileChannel channel;
    private long length;
    private long read;

    private Segment(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Opens the file, and creates it where it is missing. */
    static Segment open(Path file) throws IOException {
        PrivateFiles.createFile(file);
        Segment segment = new Segment(file, FileChannel.open(file, READ, WRITE));
        long size = segment.channel.size();
        for (long next = segment.end(0, size); next > 0; next = segment.end(next, size)) {
            segment.length = next;
        }
        segment.channel.truncate(segment.length);
        return segment;
    }

    /** Where the record that begins there ends; 0 if it is not whole. */
    private long end(long from, long size) throws IOException {
        if (from + HEADER > size) {
            return 0;
        }
        ByteBuffer header = bytes(from, HEADER);
        int bytes = header.getInt();
        if (bytes <= 0 || from + HEADER + bytes > size) {
            return 0;
        }
        ByteBuffer record = bytes(from + HEADER, bytes);
        return checksum(record) == header.getInt() ? from + HEADER + bytes : 0;
    }

    /** On the disk when this returns; if it fails, nothing was added. */
    void append(byte[] record) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + record.length);
        bytes.putInt(record.length).putInt(checksum(ByteBuffer.wrap(record))).put(record).flip();
        for (long at = length; bytes.hasRemaining(); ) {
            at += channel.write(bytes, at);
        }
        channel.force(false);
        length += bytes.limit();
    }

    boolean isRead() {
        return read == length;
    }

    /** The oldest that is not removed; there must be one. */
    byte[] first() throws IOException {
        return bytes(read + HEADER, bytes(read, HEADER).getInt()).array();
    }

    void removeFirst() throws IOException {
        read += HEADER + bytes(read, HEADER).getInt();
    }

    /** What is not removed, and what is. */
    long length() {
        return length;
    }

    /** Starts anew in the same file. */
    void clear() throws IOException {
        channel.truncate(0);
        length = 0;
        read = 0;
    }

    void delete() throws IOException {
        channel.close();
        Files.delete(file);
    }

    void close() throws IOException {
        channel.close();
    }

    private ByteBuffer bytes(long from, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new IOException(file + " ends within a record");
            }
        }
        return bytes.flip();
    }

    private static int checksum(ByteBuffer record) {
        CRC32C sum = new CRC32C();
        sum.update(record.duplicate());
        return (int) sum.getValue();
    }
}

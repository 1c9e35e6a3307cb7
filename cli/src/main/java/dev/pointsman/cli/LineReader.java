package dev.pointsman.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** Reads lines as bytes, so that one that is not UTF-8 spoils no other. Lines end in LF or CRLF. */
final class LineReader implements AutoCloseable {

    /** The longest line that is taken, in bytes; of a longer one only the beginning is kept. */
    static final int LONGEST = 128 << 20;

    private static final int BUFFER = 1 << 16;
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;
    private long number;
    private long bytesRead;

    LineReader(InputStream in) {
        this.in = in;
    }

    /**
     * A line without its end.
     *
     * @param number from 1
     * @param tooLong whether it is longer than {@link #LONGEST}
     */
    record Line(long number, byte[] bytes, boolean tooLong) {

        boolean isBlank() {
            for (byte b : bytes) {
                if (b != ' ' && b != '\t') {
                    return false;
                }
            }
            return true;
        }
    }

    /** The next line; empty at the end. */
    Optional<Line> next() throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(256);
        boolean any = false;
        boolean tooLong = false;
        while (fill()) {
            any = true;
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            if (whole.size() + (end - from) <= LONGEST) {
                whole.write(buffer, from, end - from);
            } else {
                tooLong = true;
            }
            boolean complete = end < to;
            bytesRead += end - from + (complete ? 1 : 0);
            from = complete ? end + 1 : end;
            if (complete) {
                break;
            }
        }
        return any ? Optional.of(line(whole.toByteArray(), tooLong)) : Optional.empty();
    }

    long bytesRead() {
        return bytesRead;
    }

    private Line line(byte[] bytes, boolean tooLong) {
        number++;
        int begin = number == 1 && startsWithMark(bytes) ? MARK.length : 0;
        int end =
                bytes.length > begin && bytes[bytes.length - 1] == '\r'
                        ? bytes.length - 1
                        : bytes.length;
        boolean same = begin == 0 && end == bytes.length;
        return new Line(number, same ? bytes : Arrays.copyOfRange(bytes, begin, end), tooLong);
    }

    private static boolean startsWithMark(byte[] bytes) {
        return bytes.length >= MARK.length
                && Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length);
    }

    private boolean fill() throws IOException {
        if (from == to) {
            from = 0;
            to = Math.max(0, in.read(buffer));
        }
        return to > from;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

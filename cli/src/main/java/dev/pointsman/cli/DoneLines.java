package dev.pointsman.cli;

import java.util.Arrays;

/**
 * Which lines of the input have an answer already, in one byte a line: 0 for none, else a digest of
 * the line's id, so that an input which is not the one the answers were made of is noticed.
 */
final class DoneLines {

    private byte[] lines = new byte[1 << 10];
    private long count;

    void add(long line, String id) {
        int index = Math.toIntExact(line);
        if (index >= lines.length) {
            lines = Arrays.copyOf(lines, Math.max(lines.length * 2, index + 1));
        }
        if (lines[index] == 0) {
            count++;
        }
        lines[index] = digest(id);
    }

    boolean has(long line) {
        return line < lines.length && lines[(int) line] != 0;
    }

    boolean matches(long line, String id) {
        return lines[(int) line] == digest(id);
    }

    long count() {
        return count;
    }

    private static byte digest(String id) {
        int hash = id.hashCode() * 0x9E3779B1;
        byte digest = (byte) (hash >>> 24);
        return digest == 0 ? 1 : digest;
    }
}

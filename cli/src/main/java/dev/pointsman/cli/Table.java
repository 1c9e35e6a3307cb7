package dev.pointsman.cli;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows of text in aligned columns: the first column to the left, the others to the right unless
 * said otherwise.
 */
final class Table {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final BitSet left = new BitSet();

    /**
     * @param leftColumns how many columns, from the first, are aligned to the left
     */
    Table(int leftColumns, String... head) {
        left.set(0, leftColumns);
        rows.add(List.of(head));
    }

    /** Aligns one more column, counted from 0, to the left. */
    Table left(int column) {
        left.set(column);
        return this;
    }

    Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** A line of dashes. */
    Table rule() {
        rows.add(List.of());
        return this;
    }

    /** Of its longest line, in characters. */
    int width() {
        int[] width = widths();
        return IntStream.of(width).sum() + GAP.length() * (width.length - 1);
    }

    private int[] widths() {
        int[] width = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                width[i] = Math.max(width[i], length(row.get(i)));
            }
        }
        return width;
    }

    @Override
    public String toString() {
        int[] width = widths();
        int total = width();
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            text.append(row.isEmpty() ? "-".repeat(total) : line(row, width).stripTrailing())
                    .append('\n');
        }
        return text.toString();
    }

    private String line(List<String> row, int[] width) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String pad = " ".repeat(width[i] - length(row.get(i)));
            line.append(i == 0 ? "" : GAP);
            line.append(left.get(i) ? row.get(i) + pad : pad + row.get(i));
        }
        return line.toString();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}

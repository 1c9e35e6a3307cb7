package dev.pointsman.cli;

import java.nio.charset.Charset;
import java.util.List;

/** Amounts as bars of text: blocks where the terminal shows UTF-8, else ASCII. */
final class Bars {

    private static final int WIDTH = 8;
    private static final int EIGHTHS = 8;
    private static final String LENGTHS = " ▏▎▍▌▋▊▉█";
    private static final String HEIGHTS = "▁▂▃▄▅▆▇█";
    private static final String ASCII_HEIGHTS = "_.:-=+*#";

    private final boolean blocks;

    Bars(boolean blocks) {
        this.blocks = blocks;
    }

    /** As the standard output can show them. */
    static Bars ofTerminal() {
        String encoding = System.getProperty("stdout.encoding", Charset.defaultCharset().name());
        return new Bars(encoding.equalsIgnoreCase("UTF-8"));
    }

    /** Lying, to the left; empty for nothing or less, and never for something. */
    String bar(long amount, long largest) {
        if (amount <= 0 || largest <= 0) {
            return "";
        }
        double share = Math.min(1, (double) amount / largest);
        if (!blocks) {
            return "#".repeat((int) Math.max(1, Math.round(share * WIDTH)));
        }
        int eighths = (int) Math.max(1, Math.round(share * WIDTH * EIGHTHS));
        String whole = LENGTHS.substring(EIGHTHS).repeat(eighths / EIGHTHS);
        return (whole + LENGTHS.charAt(eighths % EIGHTHS)).stripTrailing();
    }

    /** Standing, one a character; the lowest is for nothing. */
    String line(List<Long> amounts) {
        String heights = blocks ? HEIGHTS : ASCII_HEIGHTS;
        long largest = amounts.stream().mapToLong(each -> each).max().orElse(0);
        StringBuilder line = new StringBuilder();
        for (long amount : amounts) {
            double share = largest <= 0 ? 0 : Math.max(0, (double) amount / largest);
            line.append(heights.charAt((int) Math.ceil(share * (heights.length() - 1))));
        }
        return line.toString();
    }
}

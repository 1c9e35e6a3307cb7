package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The tables of {@code docs/formats.md}, each between two markers. With {@code
 * -Dformats.write=true} they are written.
 */
final class Guide {

    private static final Path FILE = Path.of("../docs/formats.md");

    private Guide() {}

    /** Fails if the guide's table of that name is another one; the first row is its head. */
    static void compare(String name, List<List<String>> rows) throws IOException {
        String begin = "<!-- " + name + " -->\n";
        String end = "<!-- /" + name + " -->";
        String text = Files.readString(FILE);
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end);
        assertThat(to).as("markers of " + name).isGreaterThanOrEqualTo(from);
        String table = "\n" + table(rows) + "\n";
        if (Boolean.getBoolean("formats.write")) {
            text = text.substring(0, from) + table + text.substring(to);
            Files.writeString(FILE, text);
            to = from + table.length();
        }
        assertThat(text.substring(from, to)).isEqualTo(table);
    }

    private static String table(List<List<String>> rows) {
        String head = line(rows.getFirst());
        String rule = "|" + "---|".repeat(rows.getFirst().size()) + "\n";
        return rows.stream()
                .skip(1)
                .map(Guide::line)
                .collect(Collectors.joining("", head + rule, ""));
    }

    private static String line(List<String> cells) {
        return cells.stream()
                .map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}

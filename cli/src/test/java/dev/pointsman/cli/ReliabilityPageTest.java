package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The table of cases in {@code docs/reliability.md} and the tests named for them are the same. */
class ReliabilityPageTest {

    private static final Path ROOT = Path.of("..");
    private static final int CASES = 60;
    private static final Pattern NAMED = Pattern.compile("`(\\w+\\.case\\d\\d_\\w+)`");
    private static final Pattern METHOD = Pattern.compile("void (case\\d\\d_\\w+)\\(");
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\|.*");

    @Test
    void cases_onThePage_areAllThereInOrder() throws IOException {
        List<Integer> numbers =
                rows().stream().map(row -> Integer.valueOf(row.split("\\|")[1].strip())).toList();
        assertThat(numbers).isEqualTo(IntStream.rangeClosed(1, CASES).boxed().toList());
    }

    @Test
    void case_onThePage_hasTestsOfItsNumberOrAReason() throws IOException {
        for (String row : rows()) {
            String number = row.split("\\|")[1].strip();
            Set<String> named = named(row);
            String prefix = String.format(Locale.ROOT, ".case%02d_", Integer.valueOf(number));
            assertThat(named).as(row).allMatch(name -> name.contains(prefix));
            assertThat(!named.isEmpty() || row.contains("| not ")).as(row).isTrue();
        }
    }

    @Test
    void tests_namedForCases_areThoseOfThePage() throws IOException {
        Set<String> onThePage = named(String.join("\n", rows()));
        assertThat(inTheCode()).isEqualTo(onThePage);
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(ROOT.resolve("docs/reliability.md")).stream()
                .filter(line -> ROW.matcher(line).matches())
                .toList();
    }

    private static Set<String> named(String text) {
        return NAMED.matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> inTheCode() throws IOException {
        Set<String> all = new TreeSet<>();
        for (String module : List.of("testing", "router", "ledger", "gateway", "cli", "bench")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> all.addAll(cases(file)));
            }
        }
        return all;
    }

    private static Set<String> cases(Path file) {
        try {
            String type = file.getFileName().toString().replace(".java", "");
            return METHOD.matcher(Files.readString(file))
                    .results()
                    .map(MatchResult::group)
                    .map(found ->
                            type + "." + found.substring("void ".length(), found.length() - 1))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

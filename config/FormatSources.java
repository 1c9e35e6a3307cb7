import com.google.googlejavaformat.java.Main;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs google-java-format (AOSP) over every source of the modules named: {@code check|replace MODULE...}. */
final class FormatSources {

    public static void main(String[] args) throws Exception {
        boolean replace = args[0].equals("replace");
        List<String> command = new ArrayList<>(List.of("--aosp"));
        command.addAll(replace ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
        for (String module : List.of(args).subList(1, args.length)) {
            try (Stream<Path> files = Files.walk(Path.of(module, "src"))) {
                files.map(Path::toString).filter(file -> file.endsWith(".java")).sorted().forEach(command::add);
            }
        }
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        int exit = new Main(out, err, System.in).format(command.toArray(String[]::new));
        if (replace) { // a long string that one pass breaks is indented by the next
            exit = new Main(out, err, System.in).format(command.toArray(String[]::new));
        }
        if (exit != 0) {
            err.println("The files above are not formatted. Run: mvn -N -Pformat process-sources");
        }
        System.exit(exit);
    }
}

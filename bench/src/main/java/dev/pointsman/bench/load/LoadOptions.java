package dev.pointsman.bench.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is measured, and how long, as said on the command line. */
final class LoadOptions {

    static final String USAGE =
            """
            Measures Pointsman beside nginx and the bare upstream, in turn, and prints medians.
              --only=PART,...         of named, auto, rate, streams, large, memory, start, ruled, ledger, outage; the first five if not said
              --memory, --start       that part only
              --rounds=N              rounds of each target; 5
              --seconds=N             of a round; 4
              --streams=N             streams at once; 1000
              --chunks=N              chunks of a stream; 250
              --minutes=N             of constant load under which memory is watched; 0
              --outage-seconds=N      for which the ledger's database is down; 60
              --no-nginx              memory without nginx's
              --pointsman=PATH        the launcher; ./pointsman
              --no-pointsman          only what is beside it
              --proxy-command=TEXT    another server as well, with {port} and {upstream}
              --minimal               the minimal proxy on Vert.x as well
              --minimal-options=TEXT  JVM options of the minimal proxy
            """;

    enum Part {
        NAMED,
        AUTO,
        RATE,
        STREAMS,
        LARGE,
        MEMORY,
        START,
        RULED,
        LEDGER,
        OUTAGE
    }

    private static final Set<String> NAMES =
            Set.of(
                    "only",
                    "memory",
                    "start",
                    "rounds",
                    "seconds",
                    "streams",
                    "chunks",
                    "minutes",
                    "outage-seconds",
                    "no-nginx",
                    "pointsman",
                    "no-pointsman",
                    "proxy-command",
                    "minimal",
                    "minimal-options");

    private final Map<String, String> said = new HashMap<>();

    /**
     * @throws IllegalArgumentException with words for the user
     */
    LoadOptions(String... args) {
        for (String arg : args) {
            String[] parts = arg.split("=", 2);
            String name = parts[0].replaceFirst("^--", "");
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("Unknown: " + arg);
            }
            said.put(name, parts.length > 1 ? parts[1] : "");
        }
    }

    Set<Part> parts() {
        if (said.containsKey("only")) {
            EnumSet<Part> parts = EnumSet.noneOf(Part.class);
            for (String name : said.get("only").split(",")) {
                parts.add(Part.valueOf(name.toUpperCase(Locale.ROOT)));
            }
            return parts;
        }
        if (said.containsKey("memory")) {
            return EnumSet.of(Part.MEMORY);
        }
        return said.containsKey("start")
                ? EnumSet.of(Part.START)
                : EnumSet.range(Part.NAMED, Part.LARGE);
    }

    int rounds() {
        return number("rounds", 5);
    }

    Duration round() {
        return Duration.ofSeconds(number("seconds", 4));
    }

    int streams() {
        return number("streams", 1000);
    }

    int chunks() {
        return number("chunks", 250);
    }

    Duration soak() {
        return Duration.ofMinutes(number("minutes", 0));
    }

    Duration outage() {
        return Duration.ofSeconds(number("outage-seconds", 60));
    }

    /** Whether nginx's memory is watched too. */
    boolean nginxMemory() {
        return !said.containsKey("no-nginx");
    }

    /** The launcher, unless Pointsman is left out. */
    Optional<Path> pointsman() {
        return said.containsKey("no-pointsman")
                ? Optional.empty()
                : Optional.of(Path.of(said.getOrDefault("pointsman", "./pointsman")));
    }

    /**
     * @throws IllegalArgumentException where it is left out
     */
    Path launcher(Part part) {
        return pointsman()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                part.name().toLowerCase(Locale.ROOT) + " is Pointsman's"));
    }

    Optional<String> proxyCommand() {
        return Optional.ofNullable(said.get("proxy-command"));
    }

    boolean minimal() {
        return said.containsKey("minimal");
    }

    List<String> minimalOptions() {
        return words(said.getOrDefault("minimal-options", ""));
    }

    static List<String> words(String text) {
        return Arrays.stream(text.trim().split(" +")).filter(word -> !word.isEmpty()).toList();
    }

    private int number(String name, int otherwise) {
        return Integer.parseInt(said.getOrDefault(name, Integer.toString(otherwise)));
    }
}

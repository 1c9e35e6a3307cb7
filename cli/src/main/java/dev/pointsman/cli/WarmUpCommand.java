package dev.pointsman.cli;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Runs what the other commands run, in one process and with no trace, so that the JDK can write a
 * cache of the classes that all of them load. The launcher calls it once a build.
 */
@Command(name = "warm-up", hidden = true, description = "Trains the start-up cache.")
final class WarmUpCommand implements Callable<Integer> {

    private static final String TEXT = "Summarize this in one sentence: the disk is full.";

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("pointsman-warm-up");
        try {
            String ledger = folder.resolve("ledger.db").toString();
            String policy = folder.resolve("built-in.yaml").toString();
            Files.writeString(Path.of(policy), "baseline: anthropic/claude-sonnet-5\n");
            for (List<String> arguments :
                    List.of(
                            List.of("--version"),
                            List.of("explain", TEXT),
                            List.of("explain", "--json", TEXT),
                            List.of("classify", TEXT),
                            List.of("explain", "--policy", policy, TEXT),
                            List.of("route", "--ledger", ledger, TEXT),
                            List.of("route", "--ledger", ledger, "--json", "--stream", TEXT),
                            List.of("route", "--ledger", ledger, "--policy", policy, TEXT),
                            List.of("report", "--ledger", ledger),
                            List.of("report", "--by", "day", "--since", "30d", "--ledger", ledger),
                            List.of("cost", "--model", "haiku", "--input-tokens", "1"),
                            List.of("policy", "check"))) {
                PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
                PointsmanCommand.run(nowhere, nowhere, arguments.toArray(String[]::new));
            }
        } finally {
            delete(folder);
        }
        return ExitCode.OK;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            files.forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        Files.delete(folder);
    }
}

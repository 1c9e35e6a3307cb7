package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;

import dev.pointsman.ledger.LedgerReader;
import dev.pointsman.ledger.StoredRow;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

@Command(
        name = "export",
        description =
                "Writes the requests, the oldest first: a JSON object or a CSV line each, with the"
                        + " columns of the ledger's view request; or their attempts, with those"
                        + " of the view attempt.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

    /** The columns that are JSON themselves. */
    private static final Set<String> JSON = Set.of("tags", "detail");

    enum What {
        requests,
        attempts
    }

    enum Format {
        jsonl,
        csv
    }

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final Setup setup = new Setup();
    @Mixin private final Period period = new Period();

    @Option(
            names = "--what",
            paramLabel = "ROWS",
            defaultValue = "requests",
            description =
                    "${COMPLETION-CANDIDATES}: each request, or each call that was made for one.")
    private What what = What.requests;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "jsonl",
            description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not said.")
    private Format format = Format.jsonl;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to; replaced if it is there. The standard output if not said.")
    private @Nullable Path out;

    private long written;

    @Override
    public Integer call() {
        try (LedgerReader ledger = setup.readLedger()) {
            if (out == null) {
                PrintWriter to = spec.commandLine().getOut();
                write(ledger, to);
                to.flush();
            } else {
                try (Writer to = Files.newBufferedWriter(out)) {
                    write(ledger, to);
                }
            }
        } catch (UncheckedIOException e) {
            throw unwritable(FileFault.words(e));
        } catch (IOException e) {
            throw unwritable(FileFault.words(e));
        }
        return ExitCode.OK;
    }

    private static UserException unwritable(String why) {
        return new UserException("cannot write the export: " + why);
    }

    private void write(LedgerReader ledger, Writer to) {
        try (CountLine progress =
                new CountLine(spec.commandLine().getErr(), out != null, what.name())) {
            each(
                    ledger,
                    row -> {
                        try {
                            to.write(format == Format.csv ? csv(row) : json(row));
                            to.write('\n');
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        progress.at(++written);
                    });
        }
    }

    private void each(LedgerReader ledger, Consumer<StoredRow> consumer) {
        switch (what) {
            case requests -> ledger.forEachRequest(period.query(), consumer);
            case attempts -> ledger.forEachAttempt(period.query(), consumer);
        }
    }

    private static String json(StoredRow row) {
        ObjectNode json = Render.object();
        row.forEach((name, value) -> {
            if (JSON.contains(name) && value instanceof String text) {
                json.putRawValue(name, new RawValue(text));
            } else {
                json.putPOJO(name, value instanceof byte[] hash ? hex(hash) : value);
            }
        });
        return Render.line(json);
    }

    /** The first line is preceded by the names. */
    private String csv(StoredRow row) {
        String line =
                Csv.line(
                        row.values().stream()
                                .map(value -> value instanceof byte[] hash ? hex(hash) : value)
                                .toList());
        return written == 0 ? Csv.line(row.names()) + "\n" + line : line;
    }

    private static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }
}

package dev.pointsman.ledger;

import dev.pointsman.access.AccessKey;
import dev.pointsman.access.Grant;
import dev.pointsman.access.KeyHash;
import dev.pointsman.budget.Limit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys as last read from their store, in a file of mode 0600: for a process that starts while
 * the store is down. A line for each key, with the columns of {@code api_key} between tabs.
 */
final class KnownKeys {

    private static final String HEAD = "pointsman keys 1";
    private static final int COLUMNS = 10;

    private final Path file;

    KnownKeys(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /**
     * Empty if there is no such file.
     *
     * @throws IOException if it cannot be read, or is no such file
     */
    Optional<List<AccessKey>> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.getFirst().equals(HEAD)) {
            throw new IOException(file + " holds no keys");
        }
        try {
            return Optional.of(lines.stream().skip(1).map(KnownKeys::key).toList());
        } catch (RuntimeException e) {
            throw new IOException(file + " has a line that is no key", e);
        }
    }

    /** Replaces the file, whole. */
    void write(List<AccessKey> keys) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
        PrivateFiles.createFolders(file.resolveSibling(""));
        PrivateFiles.createFile(next);
        Files.writeString(
                next,
                Stream.concat(Stream.of(HEAD), keys.stream().map(KnownKeys::line))
                        .collect(Collectors.joining("\n", "", "\n")));
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String line(AccessKey key) {
        Grant grant = key.grant();
        return String.join(
                "\t",
                key.hash().toString(),
                key.name(),
                key.hint(),
                grant.budget().map(Limit::toString).orElse(""),
                Long.toString(grant.requestsPerMinute()),
                Long.toString(grant.tokensPerMinute()),
                String.join(",", grant.models()),
                String.join(",", grant.categories()),
                Long.toString(key.created().toEpochMilli()),
                key.revoked().map(at -> Long.toString(at.toEpochMilli())).orElse(""));
    }

    private static AccessKey key(String line) {
        String[] cells = line.split("\t", COLUMNS);
        return new AccessKey(
                cells[1],
                KeyHash.ofBytes(HexFormat.of().parseHex(cells[0])),
                cells[2],
                new Grant(
                        Optional.of(cells[3]).filter(text -> !text.isEmpty()).map(Limit::of),
                        Long.parseLong(cells[4]),
                        Long.parseLong(cells[5]),
                        KeyRow.names(cells[6]),
                        KeyRow.names(cells[7])),
                moment(cells[8]),
                Optional.of(cells[9]).filter(text -> !text.isEmpty()).map(KnownKeys::moment));
    }

    private static Instant moment(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }
}

package dev.pointsman.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What becomes of each field of a request in each other format. A path names the fields down to it,
 * by points; the elements of a list are not counted, and {@code (type)} says which kind of element
 * is meant: {@code messages.content(image).source}. A row that ends in {@code .*} stands for all
 * below it. Immutable and thread-safe.
 */
public final class FieldTable {

    /** What the product knows. */
    public static final FieldTable KNOWN = read();

    private static final int COLUMNS = 7;
    private static final String REJECTED = "rejected: ";

    /** What becomes of a field. */
    public sealed interface Fate {

        /** Its meaning goes on. */
        record Carried() implements Fate {}

        /** It is left out and named; the answer is none the worse. */
        record Dropped() implements Fate {}

        /** A request with it does not go there. */
        record Rejected(String reason) implements Fate {}
    }

    /**
     * A field.
     *
     * @param sample top-level fields of a request that has it, as JSON text of an object; empty for
     *     a row that stands for all below it
     */
    public record Row(Format format, String path, String sample, Map<Format, Fate> fates) {
        public Row {
            fates = Map.copyOf(fates);
        }
    }

    private final List<Row> rows;
    private final Map<Format, Map<String, Row>> byPath = new EnumMap<>(Format.class);

    private FieldTable(List<Row> rows) {
        this.rows = List.copyOf(rows);
        for (Row row : rows) {
            Row before =
                    byPath.computeIfAbsent(row.format(), format -> new HashMap<>())
                            .put(row.path(), row);
            if (before != null) {
                throw new IllegalStateException("Twice in the table: " + row.path());
            }
        }
    }

    /** All fields, as the documentation shows them. */
    public List<Row> rows() {
        return rows;
    }

    /** The row of a field, or the nearest that stands for all about it. */
    public Optional<Row> row(Format format, String path) {
        Map<String, Row> known = byPath.getOrDefault(format, Map.of());
        Row exact = known.get(path);
        if (exact != null) {
            return Optional.of(exact);
        }
        for (int point = path.length(); point > 0; point = path.lastIndexOf('.', point - 1)) {
            Row all = known.get(path.substring(0, point) + ".*");
            if (all != null) {
                return Optional.of(all);
            }
        }
        return Optional.empty();
    }

    /** What becomes of a field; one of a newer API than ours is dropped. */
    Fate fate(Format from, String path, Format to) {
        return row(from, path)
                .map(row -> Objects.requireNonNull(row.fates().get(to)))
                .orElseGet(Fate.Dropped::new);
    }

    private static FieldTable read() {
        List<Row> rows = new ArrayList<>();
        for (Format format : Format.values()) {
            String resource = "fields/" + format.label() + ".tsv";
            try (InputStream in = FieldTable.class.getResourceAsStream(resource)) {
                String text =
                        new String(
                                Objects.requireNonNull(in, resource).readAllBytes(),
                                StandardCharsets.UTF_8);
                text.lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .forEach(line -> rows.add(row(line)));
            } catch (IOException e) {
                throw new UncheckedIOException(resource, e);
            }
        }
        return new FieldTable(rows);
    }

    private static Row row(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != COLUMNS) {
            throw new IllegalStateException("Not " + COLUMNS + " columns: " + line);
        }
        Format format = Format.of(cells[0]).orElseThrow();
        Map<Format, Fate> fates = new EnumMap<>(Format.class);
        int column = 2;
        for (Format target : Format.values()) {
            if (target == format) {
                fates.put(target, new Fate.Carried());
            } else {
                fates.put(target, fate(cells[column]));
            }
            column++;
        }
        return new Row(format, cells[1], cells[COLUMNS - 1], fates);
    }

    private static Fate fate(String cell) {
        if (cell.startsWith(REJECTED)) {
            return new Fate.Rejected(cell.substring(REJECTED.length()));
        }
        return switch (cell) {
            case "carried" -> new Fate.Carried();
            case "dropped" -> new Fate.Dropped();
            default -> throw new IllegalStateException("No fate: " + cell);
        };
    }
}

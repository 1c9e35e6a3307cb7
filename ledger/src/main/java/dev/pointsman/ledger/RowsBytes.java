package dev.pointsman.ledger;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows as bytes, with the names of their columns once: a later version finds those it knows, and
 * has null where it knows more.
 */
final class RowsBytes {

    private static final List<Table<?>> TABLES =
            List.of(EntryShape.KIND, EntryShape.ENTRY, EntryShape.CALL, EntryShape.CONTENT);

    private RowsBytes() {}

    static byte[] of(List<Rows> batch) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (Table<?> table : TABLES) {
            List<String> names = table.names().toList();
            write(names.toArray(), out);
        }
        out.writeInt(batch.size());
        for (Rows rows : batch) {
            write(rows.kind().toArray(), out);
            write(rows.entry(), out);
            write(rows.calls(), out);
            write(rows.content(), out);
        }
        return bytes.toByteArray();
    }

    static List<Rows> read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        List<int[]> places = new ArrayList<>();
        for (Table<?> table : TABLES) {
            places.add(places(table, row(in)));
        }
        List<Rows> batch = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            batch.add(
                    new Rows(
                            Arrays.asList(placed(row(in), places.get(0), EntryShape.KIND)),
                            placed(row(in), places.get(1), EntryShape.ENTRY),
                            rows(in, places.get(2), EntryShape.CALL),
                            rows(in, places.get(3), EntryShape.CONTENT)));
        }
        return batch;
    }

    /** Where the columns of those names are in the table; -1 where it has none. */
    private static int[] places(Table<?> table, @Nullable Object[] names) {
        return Arrays.stream(names).mapToInt(name -> table.index(String.valueOf(name))).toArray();
    }

    private static @Nullable Object[] placed(@Nullable Object[] row, int[] places, Table<?> table) {
        @Nullable Object[] placed = new @Nullable Object[table.columns().size()];
        for (int i = 0; i < row.length; i++) {
            if (places[i] >= 0) {
                placed[places[i]] = row[i];
            }
        }
        return placed;
    }

    private static void write(List<@Nullable Object[]> rows, DataOutputStream out)
            throws IOException {
        out.writeInt(rows.size());
        for (@Nullable Object[] row : rows) {
            write(row, out);
        }
    }

    private static List<@Nullable Object[]> rows(DataInputStream in, int[] places, Table<?> table)
            throws IOException {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            rows.add(placed(row(in), places, table));
        }
        return rows;
    }

    private static void write(@Nullable Object[] row, DataOutputStream out) throws IOException {
        out.writeInt(row.length);
        for (Object value : row) {
            switch (value) {
                case null -> out.writeByte(0);
                case Long number -> {
                    out.writeByte(1);
                    out.writeLong(number);
                }
                case Double number -> {
                    out.writeByte(2);
                    out.writeDouble(number);
                }
                case byte[] bytes -> write(3, bytes, out);
                case String text -> write(4, text.getBytes(StandardCharsets.UTF_8), out);
                default ->
                        throw new IllegalArgumentException("No column has a " + value.getClass());
            }
        }
    }

    private static void write(int type, byte[] bytes, DataOutputStream out) throws IOException {
        out.writeByte(type);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static @Nullable Object[] row(DataInputStream in) throws IOException {
        @Nullable Object[] row = new @Nullable Object[in.readInt()];
        for (int i = 0; i < row.length; i++) {
            row[i] = value(in.readByte(), in);
        }
        return row;
    }

    private static @Nullable Object value(byte type, DataInputStream in) throws IOException {
        return switch (type) {
            case 0 -> null;
            case 1 -> in.readLong();
            case 2 -> in.readDouble();
            case 3 -> in.readNBytes(in.readInt());
            case 4 -> new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            default -> throw new IOException("a record has a value of the unknown type " + type);
        };
    }
}

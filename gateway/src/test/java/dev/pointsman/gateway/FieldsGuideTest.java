package dev.pointsman.gateway;

import dev.pointsman.wire.FieldTable;
import dev.pointsman.wire.FieldTable.Fate;
import dev.pointsman.wire.Format;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The tables of fields in {@code docs/formats.md} are those of the product. */
class FieldsGuideTest {

    @ParameterizedTest
    @EnumSource
    void table_inTheGuide_isTheProducts(Format format) throws IOException {
        List<Format> others =
                Arrays.stream(Format.values()).filter(other -> other != format).toList();
        List<String> head = new ArrayList<>(List.of("field"));
        others.forEach(other -> head.add(other.label()));
        List<List<String>> rows = new ArrayList<>(List.of(head));
        for (FieldTable.Row row : FieldTable.KNOWN.rows()) {
            if (row.format() == format) {
                List<String> cells = new ArrayList<>(List.of("`" + row.path() + "`"));
                for (Format other : others) {
                    cells.add(cell(Objects.requireNonNull(row.fates().get(other))));
                }
                rows.add(cells);
            }
        }
        Guide.compare(format.label(), rows);
    }

    private static String cell(Fate fate) {
        return switch (fate) {
            case Fate.Carried carried -> "carried";
            case Fate.Dropped dropped -> "dropped";
            case Fate.Rejected rejected -> "rejected: " + rejected.reason();
        };
    }
}

package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.classify.local.Labelled;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Texts with their categories, a JSON object a line: {@code text}, {@code category}, and optionally
 * {@code group} or {@code source}. Other fields are passed over.
 */
final class LabelledFile {

    private static final String NO_GROUP = "all";

    private LabelledFile() {}

    /**
     * Reads a file, or standard input for {@code -}.
     *
     * @throws UserException if a line is none, with its number; nothing else has happened by then
     */
    static List<Labelled> read(String name) throws IOException {
        List<Labelled> rows = new ArrayList<>();
        try (LineReader lines = new LineReader(InputFile.open(name))) {
            for (Optional<LineReader.Line> line = lines.next();
                    line.isPresent();
                    line = lines.next()) {
                if (!line.get().isBlank()) {
                    rows.add(row(name, line.get()));
                }
            }
        }
        if (rows.isEmpty()) {
            throw new UserException(name + " has no line");
        }
        return rows;
    }

    private static Labelled row(String name, LineReader.Line line) {
        try {
            JsonNode json = JsonLine.object(line);
            String text = JsonLine.text(json, "text");
            String category = JsonLine.text(json, "category");
            if (text.isBlank() || category.isBlank()) {
                throw new BadLineException("\"text\" and \"category\" must say something");
            }
            String group =
                    json.hasNonNull("group")
                            ? JsonLine.text(json, "group")
                            : json.hasNonNull("source") ? JsonLine.text(json, "source") : NO_GROUP;
            return new Labelled(text, category, group);
        } catch (BadLineException e) {
            throw new UserException(name + ", line " + line.number() + ": " + e.getMessage());
        }
    }
}

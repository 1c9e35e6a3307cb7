package dev.pointsman.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.pointsman.catalog.CatalogRow;
import dev.pointsman.catalog.ModelsDev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the built-in catalogue from a models.dev snapshot. */
public final class CatalogueMaker {

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    private CatalogueMaker() {}

    /** Arguments: the snapshot (JSON), the resource to write. */
    public static void main(String[] args) throws IOException {
        JsonNode snapshot = new ObjectMapper().readTree(Path.of(args[0]).toFile());
        Matcher date = DATE.matcher(snapshot.path("source").asText());
        if (!date.find()) {
            throw new IOException(args[0] + ": its \"source\" names no date");
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                "# The model catalogue of Pointsman, made by CatalogueMaker (see CONTRIBUTING.md)"
                        + " from models.dev (MIT licence).");
        lines.add("# version: models.dev-" + date.group());
        lines.add(
                "# provider\tid\tfamily\tcontext\tinput limit\toutput limit\tabilities\tUSD per"
                        + " million tokens input:output:cache read:cache write:others\ttiers"
                        + "\tservices");
        for (JsonNode model : snapshot.path("models")) {
            String provider = model.path("provider").asText();
            lines.add(CatalogRow.format(ModelsDev.read(provider, model, "", "snapshot")));
        }
        Files.writeString(Path.of(args[1]), String.join("\n", lines) + "\n");
        System.out.println(lines.size() - 3 + " models written to " + args[1]);
    }
}

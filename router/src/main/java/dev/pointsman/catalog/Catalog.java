package dev.pointsman.catalog;

import dev.pointsman.core.Model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The models of the world as one edition of a price list knows them. A row is parsed when its model
 * is asked for, so that opening the catalogue costs a few milliseconds. Immutable and thread-safe.
 */
public final class Catalog {

    private static final String RESOURCE = "models.tsv";

    private final String version;
    private final Map<String, Map<String, String>> rows;

    private Catalog(String version, Map<String, Map<String, String>> rows) {
        this.version = version;
        this.rows = rows;
    }

    /** The catalogue that comes with Pointsman. */
    public static Catalog builtIn() {
        return BuiltIn.CATALOG;
    }

    /** Which edition this is, for example {@code models.dev-2026-07-02}; every price carries it. */
    public String version() {
        return version;
    }

    /** The providers it knows, in its own order. */
    public Set<String> providers() {
        return rows.keySet();
    }

    /** The ids of a provider's models; empty if the provider is not known. */
    public Set<String> ids(String provider) {
        return rows.getOrDefault(provider, Map.of()).keySet();
    }

    /** What is known of a model. */
    public Optional<Model> find(String provider, String id) {
        return Optional.ofNullable(rows.getOrDefault(provider, Map.of()).get(id))
                .map(row -> CatalogRow.parse(row, version));
    }

    /** A provider's models, in the catalogue's order. */
    public Stream<Model> models(String provider) {
        return rows.getOrDefault(provider, Map.of()).values().stream()
                .map(row -> CatalogRow.parse(row, version));
    }

    static Catalog parse(String text) {
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        String version = "";
        for (String line : text.split("\n")) {
            if (line.startsWith("# version: ")) {
                version = line.substring("# version: ".length());
            } else if (!line.isEmpty() && line.charAt(0) != '#') {
                int first = line.indexOf('\t');
                int second = line.indexOf('\t', first + 1);
                rows.computeIfAbsent(line.substring(0, first), provider -> new LinkedHashMap<>())
                        .put(line.substring(first + 1, second), line);
            }
        }
        return new Catalog(version, rows);
    }

    private static final class BuiltIn {
        private static final Catalog CATALOG = read();

        private static Catalog read() {
            try (InputStream in = Catalog.class.getResourceAsStream(RESOURCE)) {
                if (in == null) {
                    throw new IllegalStateException(
                            "The resource " + RESOURCE + " is missing from the jar");
                }
                return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Every {@code provider/id}. */
    public List<String> refs() {
        List<String> refs = new ArrayList<>();
        rows.forEach(
                (provider, models) -> models.keySet().forEach(id -> refs.add(provider + "/" + id)));
        return refs;
    }
}

package dev.pointsman.catalog;

import dev.pointsman.core.Model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
    private final String edition;
    private final Map<String, Map<String, String>> rows;
    private final Optional<Catalog> below;

    private Catalog(
            String version, Map<String, Map<String, String>> rows, Optional<Catalog> below) {
        this.edition = version;
        this.version = below.map(other -> version + " over " + other.version).orElse(version);
        this.rows = rows;
        this.below = below;
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
        if (below.isEmpty()) {
            return rows.keySet();
        }
        Set<String> both = new LinkedHashSet<>(rows.keySet());
        both.addAll(below.get().providers());
        return both;
    }

    /** The ids of a provider's models; empty if the provider is not known. */
    public Set<String> ids(String provider) {
        Set<String> own = rows.getOrDefault(provider, Map.of()).keySet();
        if (below.isEmpty()) {
            return own;
        }
        Set<String> both = new LinkedHashSet<>(own);
        both.addAll(below.get().ids(provider));
        return both;
    }

    /** What is known of a model. */
    public Optional<Model> find(String provider, String id) {
        return Optional.ofNullable(rows.getOrDefault(provider, Map.of()).get(id))
                .map(row -> CatalogRow.parse(row, edition))
                .or(() -> below.flatMap(other -> other.find(provider, id)));
    }

    /** A provider's models, in the catalogue's order. */
    public Stream<Model> models(String provider) {
        return ids(provider).stream().flatMap(id -> find(provider, id).stream());
    }

    /** A catalogue of those models; of two with one name the first counts. */
    public static Catalog of(String version, List<Model> models) {
        StringBuilder text = new StringBuilder("# version: " + version + "\n");
        Set<String> seen = new HashSet<>();
        for (Model model : models) {
            if (seen.add(model.ref())) {
                text.append(CatalogRow.format(model)).append('\n');
            }
        }
        return parse(text.toString());
    }

    /**
     * A catalogue from what {@link #text} wrote.
     *
     * @throws CatalogException if it was written otherwise
     */
    public static Catalog read(String text, String name) {
        Catalog catalog;
        try {
            catalog = parse(text);
            catalog.all().forEach(model -> {});
        } catch (RuntimeException e) {
            throw new CatalogException(
                    name + ": this is no catalogue that was imported: " + e.getMessage());
        }
        if (catalog.version.isEmpty()) {
            throw new CatalogException(name + ": the catalogue names no version");
        }
        return catalog;
    }

    /** Its models as {@link #read} takes them. */
    public String text() {
        StringBuilder text = new StringBuilder("# version: " + edition + "\n");
        rows.values()
                .forEach(models -> models.values().forEach(row -> text.append(row).append('\n')));
        return text.toString();
    }

    /**
     * This catalogue, and below it another for the models that this one lacks; each price keeps the
     * version of the catalogue that it is from.
     */
    public Catalog over(Catalog below) {
        return new Catalog(edition, rows, Optional.of(below));
    }

    /** All its models. */
    public Stream<Model> all() {
        return providers().stream().flatMap(this::models);
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
        return new Catalog(version, rows, Optional.empty());
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
        providers().forEach(provider -> ids(provider).forEach(id -> refs.add(provider + "/" + id)));
        return refs;
    }
}

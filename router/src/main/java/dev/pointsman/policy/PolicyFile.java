package dev.pointsman.policy;

import dev.pointsman.catalog.Catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A policy file, found and read but not yet laid over the built-in policy.
 *
 * <p>The sections {@code providers}, {@code prices}, {@code models} and {@code aliases} merge with
 * the built-in ones by name; every other section replaces the built-in one. Where a file says its
 * own categories and no rules, those built-in rules hold whose category it has.
 */
public final class PolicyFile {

    private static final String RESOURCE = "built-in.yaml";
    private static final String BUILT_IN = "the built-in policy";

    private final String name;
    private final Optional<Path> path;
    private final Optional<String> yaml;
    private final Function<String, Optional<String>> environment;
    private final Supplier<Catalog> catalog;

    private PolicyFile(
            String name,
            Optional<Path> path,
            Optional<String> yaml,
            Function<String, Optional<String>> environment,
            Supplier<Catalog> catalog) {
        this.name = name;
        this.path = path;
        this.yaml = yaml;
        this.environment = environment;
        this.catalog = catalog;
    }

    /** That file. */
    public static PolicyFile of(Path file) {
        return new PolicyFile(
                file.toString(),
                Optional.of(file),
                Optional.empty(),
                PolicyFile::processEnvironment,
                Catalog::builtIn);
    }

    /** That text. */
    public static PolicyFile text(String yaml, String name) {
        return new PolicyFile(
                name,
                Optional.empty(),
                Optional.of(yaml),
                PolicyFile::processEnvironment,
                Catalog::builtIn);
    }

    /** No file: the built-in policy alone. */
    public static PolicyFile builtIn() {
        return new PolicyFile(
                BUILT_IN,
                Optional.empty(),
                Optional.empty(),
                PolicyFile::processEnvironment,
                Catalog::builtIn);
    }

    /**
     * Looks where policies stand: {@code POINTSMAN_POLICY}, then {@code pointsman.yaml} in the
     * working folder, then {@code pointsman/pointsman.yaml} under {@code XDG_CONFIG_HOME} or {@code
     * ~/.config}; else the built-in policy.
     */
    public static PolicyFile find() {
        Optional<String> said = processEnvironment("POINTSMAN_POLICY");
        if (said.isPresent()) {
            return of(Path.of(said.get()));
        }
        Path config =
                processEnvironment("XDG_CONFIG_HOME")
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".config"));
        for (Path candidate :
                List.of(Path.of("pointsman.yaml"), config.resolve("pointsman/pointsman.yaml"))) {
            if (Files.isRegularFile(candidate)) {
                return of(candidate);
            }
        }
        return builtIn();
    }

    /**
     * The same file with another environment than that of the process: a variable's value, empty if
     * it is not set.
     */
    public PolicyFile environment(Function<String, Optional<String>> other) {
        return new PolicyFile(name, path, yaml, other, catalog);
    }

    /**
     * The same file over another catalogue than the built-in one.
     *
     * @param other asked each time the file is loaded
     */
    public PolicyFile catalog(Supplier<Catalog> other) {
        return new PolicyFile(name, path, yaml, environment, other);
    }

    /** What messages call it: its path, or {@code the built-in policy}. */
    public String name() {
        return name;
    }

    /** The file; empty if it is text or the built-in policy. */
    public Optional<Path> path() {
        return path;
    }

    /** Whether there is no file and the built-in policy holds alone. */
    public boolean isBuiltIn() {
        return path.isEmpty() && yaml.isEmpty();
    }

    /**
     * Reads it, lays it over the built-in policy and checks it.
     *
     * @throws PolicyException if it cannot be read or is wrong
     */
    public Policy load() {
        Tree.Mapping base = shaped(builtInYaml(), BUILT_IN);
        Tree.Mapping merged = isBuiltIn() ? base : merge(shaped(text(), name), base);
        Path folder = path.map(Path::toAbsolutePath).map(Path::getParent).orElse(Path.of(""));
        return new PolicyReader(new Expansion(environment), folder).read(merged, catalog.get());
    }

    /** The built-in policy's text, comments included. */
    public static String builtInYaml() {
        try (InputStream in = PolicyFile.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(
                        "The resource " + RESOURCE + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text() {
        if (yaml.isPresent()) {
            return yaml.get();
        }
        try {
            return Files.readString(path.orElseThrow());
        } catch (NoSuchFileException e) {
            throw new PolicyException(name + ": there is no such policy file");
        } catch (CharacterCodingException e) {
            throw new PolicyException(name + ": this policy file is not UTF-8 text");
        } catch (IOException e) {
            throw new PolicyException(name + ": the policy file cannot be read: " + e.getMessage());
        }
    }

    private static Tree.Mapping shaped(String yaml, String name) {
        Tree.Mapping tree = YamlTree.parse(yaml, name);
        ShapeCheck.check(tree, PolicyShape.POLICY, "");
        return tree;
    }

    private static Tree.Mapping merge(Tree.Mapping said, Tree.Mapping base) {
        Tree.Mapping merged = said.over(base);
        for (Map.Entry<String, Tree> section : said.values().entrySet()) {
            Optional<Tree> under = base.find(section.getKey());
            if (PolicyShape.MERGED.contains(section.getKey()) && under.isPresent()) {
                Tree.Mapping both =
                        laid(
                                section.getKey(),
                                (Tree.Mapping) section.getValue(),
                                (Tree.Mapping) under.get());
                merged = merged.with(section.getKey(), both, both.mark());
            }
        }
        requireDefault(said, merged);
        boolean ownCategories = said.find("categories").isPresent() && said.find("rules").isEmpty();
        return ownCategories ? merged.with("rules", rulesThatFit(merged), merged.mark()) : merged;
    }

    /** A policy's own providers stand before the built-in ones: the first that fits is called. */
    private static Tree.Mapping laid(String section, Tree.Mapping said, Tree.Mapping base) {
        return section.equals("providers") ? said.before(base) : said.over(base);
    }

    /**
     * A file with its own categories must say which is the default, unless it has the built-in
     * default.
     */
    private static void requireDefault(Tree.Mapping said, Tree.Mapping merged) {
        if (said.find("categories").isEmpty() || said.find("default-category").isPresent()) {
            return;
        }
        Tree.Mapping categories = (Tree.Mapping) merged.require("categories");
        Tree.Scalar byDefault = (Tree.Scalar) merged.require("default-category");
        if (!categories.values().containsKey(byDefault.text())) {
            throw new PolicyException(
                    said.at(List.of("categories")),
                    "these categories lack the built-in default, "
                            + byDefault.text()
                            + ": add default-category with one of "
                            + Nearest.list(List.copyOf(categories.values().keySet())));
        }
    }

    private static Tree.Sequence rulesThatFit(Tree.Mapping merged) {
        Tree.Mapping categories = (Tree.Mapping) merged.require("categories");
        Tree.Sequence rules = (Tree.Sequence) merged.require("rules");
        List<Tree> fitting = new ArrayList<>();
        for (Tree rule : rules.items()) {
            Tree.Scalar category = (Tree.Scalar) ((Tree.Mapping) rule).require("category");
            if (categories.values().containsKey(category.text())) {
                fitting.add(rule);
            }
        }
        return new Tree.Sequence(fitting, rules.mark());
    }

    private static Optional<String> processEnvironment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}

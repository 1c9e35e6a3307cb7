package dev.pointsman.cli;

import dev.pointsman.core.Image;
import dev.pointsman.core.Task;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A task as arguments. */
final class TaskOptions {

    /** What reports call tasks that come from a shell and say no other caller. */
    static final String CALLER = "cli";

    @Parameters(
            arity = "1..*",
            paramLabel = "TEXT|-",
            description = "The task; - reads it from standard input.")
    private List<String> words = new ArrayList<>();

    @Option(
            names = "--category",
            paramLabel = "C",
            description = "Forces the category: nothing is classified.")
    private @Nullable String category;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Tokens the answer may have; 4096.")
    private @Nullable Integer maxTokens;

    @Option(
            names = "--image",
            paramLabel = "FILE|URL",
            description =
                    "Adds an image: PNG, JPEG, GIF, WebP, or an https or data URL. Repeatable.")
    private List<String> images = new ArrayList<>();

    @Option(
            names = "--tag",
            paramLabel = "K=V",
            description = "Adds a tag, for rules and reports. Repeatable.")
    private Map<String, String> tags = new LinkedHashMap<>();

    @Option(
            names = "--system",
            paramLabel = "TEXT",
            description = "Instructions that stand before the task.")
    private @Nullable String system;

    @Option(
            names = "--caller",
            paramLabel = "NAME",
            description = "Who asks, for rules and reports; cli.")
    private String caller = CALLER;

    @Option(
            names = "--session",
            paramLabel = "ID",
            description = "The conversation the task belongs to.")
    private @Nullable String session;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Sampling temperature, from 0 to 2.")
    private @Nullable Double temperature;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "A text at which the answer ends. Repeatable.")
    private List<String> stop = new ArrayList<>();

    @Option(
            names = "--schema",
            paramLabel = "FILE",
            description = "A JSON Schema that the answer must follow.")
    private @Nullable Path schema;

    Task task() {
        Task task = Task.of(text(words)).caller(caller);
        task = category == null ? task : task.category(category);
        task = maxTokens == null ? task : task.maxTokens(maxTokens);
        task = system == null ? task : task.system(system);
        task = session == null ? task : task.session(session);
        task = temperature == null ? task : task.temperature(temperature);
        task = stop.isEmpty() ? task : task.stop(stop.toArray(String[]::new));
        task = schema == null ? task : task.responseSchema(read(schema));
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            task = task.tag(tag.getKey(), tag.getValue());
        }
        for (String image : images) {
            task = task.image(image(image, Path.of("")));
        }
        return task;
    }

    /**
     * An image by its address or its path.
     *
     * @param folder what a relative path is relative to
     */
    static Image image(String name, Path folder) {
        if (name.matches("(?i)(https?|gs|data):.*")) {
            return Image.ofUrl(name);
        }
        try {
            return Image.of(folder.resolve(name));
        } catch (NoSuchFileException e) {
            throw new UserException("there is no image file " + folder.resolve(name));
        } catch (IOException e) {
            throw new UserException("the image cannot be used: " + FileFault.words(e));
        }
    }

    /** Words of a command line joined, or standard input for a single dash. */
    static String text(List<String> words) {
        if (!words.equals(List.of("-"))) {
            return String.join(" ", words);
        }
        try (InputStream in = System.in) {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(in.readAllBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UserException("standard input is not UTF-8 text");
        } catch (IOException e) {
            throw new UserException("standard input cannot be read: " + e.getMessage());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UserException("the schema cannot be read: " + FileFault.words(e));
        }
    }
}

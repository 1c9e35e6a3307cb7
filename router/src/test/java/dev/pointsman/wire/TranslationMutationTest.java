package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The cases of the translation with values swapped for odd ones, which random bytes never reach.
 * {@code -Dmutations=N} looks for longer, {@code -Dseed=N} again.
 */
class TranslationMutationTest {

    private static final Path CASES = Path.of("src/test/resources/wire");
    private static final int MUTATIONS = Integer.getInteger("mutations", 3);
    private static final String[] ODD = {
        "null",
        "true",
        "0",
        "-1",
        "1e400",
        "123456789012345678901234567890",
        "0.5",
        "\"\"",
        "\" \"",
        "\"x\"",
        "\"\\ud83d\"",
        "\"\\ude00\\ud83d\"",
        "[]",
        "{}",
        "[null]",
        "[[]]",
        "[\"x\"]",
        "[{}]",
        "{\"type\":\"x\"}",
        "{\"type\":null}",
        "\"data:\"",
        "\"data:;base64,\"",
        "\"data:image/png;base64,%%\"",
        "\"pointsman.\"",
        "\"pointsman.gemini.%\"",
        "\"pointsman.anthropic-messages.e30\"",
        "\"pointsman.openai-responses.e30\"",
        "\"pointsman.gemini.YQ\"",
        "\"__seal____\"",
        "\"a__seal__gemini__YQ\"",
        "\"{\"",
        "\"{}\"",
        "\"null\"",
        "\"text\"",
        "\"thinking\"",
        "\"tool_use\"",
        "\"function\"",
        "\"http://\"",
        "\"https://x/y.png\""
    };

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void cases_withOddValues_areRefusedFailedOrBroughtOver() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path file : inputs()) {
            String name = file.getFileName().toString();
            Format format = Format.of(name.split("\\.")[1]).orElseThrow();
            for (int i = 0; i < MUTATIONS; i++) {
                String text = mutated(Files.readString(file), name.endsWith(".sse"));
                try {
                    run(name, format, text.getBytes(StandardCharsets.UTF_8));
                } catch (Exception | AssertionError | StackOverflowError e) {
                    broken.add(file + ": " + e + " at " + e.getStackTrace()[0] + "\n" + text);
                }
            }
        }
        if (!broken.isEmpty()) {
            fail("seed " + seed + ": " + broken.size() + " broken\n" + String.join("\n", broken));
        }
    }

    private void run(String name, Format format, byte[] bytes) throws Exception {
        if (name.startsWith("request.")) {
            Translations.request(format, bytes);
        } else if (name.startsWith("answer.")) {
            Translations.answer(format, bytes);
        } else {
            Translations.stream(format, bytes, 1 + random.nextInt(200));
        }
    }

    private static List<Path> inputs() throws IOException {
        try (Stream<Path> files = Files.walk(CASES)) {
            return files.filter(file ->
                            file.getFileName()
                                    .toString()
                                    .matches("(request|answer|stream)\\.[a-z-]+\\.(json|sse)"))
                    .filter(file -> !file.getFileName().toString().contains(".to."))
                    .sorted()
                    .toList();
        }
    }

    /** Some lines of a stream left out, said twice or with odd values in them; or one tree. */
    private String mutated(String text, boolean stream) throws IOException {
        if (!stream) {
            return mutated(text);
        }
        StringBuilder out = new StringBuilder();
        for (String event : text.split("\r?\n\r?\n")) {
            int chance = random.nextInt(12);
            if (chance == 0) {
                continue;
            }
            String fit = event;
            int data = event.indexOf("data: {");
            if (chance < 4 && data >= 0 && event.indexOf('\n', data) < 0) {
                fit = event.substring(0, data) + "data: " + mutated(event.substring(data + 6));
            }
            out.append(fit).append("\n\n");
            if (chance == 5) {
                out.append(fit).append("\n\n");
            }
        }
        return out.toString();
    }

    private String mutated(String json) throws IOException {
        JsonNode tree = Json.read(json);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            List<Runnable> places = new ArrayList<>();
            places(tree, places);
            if (!places.isEmpty()) {
                places.get(random.nextInt(places.size())).run();
            }
        }
        return written(tree);
    }

    private void places(JsonNode node, List<Runnable> places) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                places.add(() -> object.set(name, odd()));
                places(object.path(name), places);
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int at = i;
                places.add(() -> array.set(at, odd()));
                places.add(() -> array.add(array.get(at).deepCopy()));
                places(array.get(i), places);
            }
        }
    }

    private JsonNode odd() {
        try {
            return Json.read(ODD[random.nextInt(ODD.length)]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With halves of characters as escapes, as a caller in JavaScript writes them. */
    private static String written(JsonNode tree) {
        StringBuilder out = new StringBuilder();
        for (char c : tree.toString().toCharArray()) {
            if (Character.isSurrogate(c)) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}

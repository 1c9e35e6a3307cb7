package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.catalog.Catalog;
import dev.pointsman.core.Model;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Each folder under {@code wire/} is a case: a request, an answer or a stream in one format, and
 * what it becomes in the others. {@code request.FROM.json} gives {@code request.to.TO.json}, {@code
 * answer.FROM.json} gives {@code answer.FROM.to.TO.json}, {@code stream.FROM.sse} gives {@code
 * stream.FROM.to.TO.sse}. Where a folder has both a request and an answer, the answer is that to
 * the request, and goes to its format alone. {@code models.json} may name other target models. With
 * {@code -Dgolden=write} what comes out is written down, to be read by a person.
 */
class TranslationGoldenTest {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final Path CASES = Path.of("src/test/resources/wire");
    private static final boolean WRITE = "write".equals(System.getProperty("golden"));

    private static final Map<Format, String> MODELS =
            Map.of(
                    Format.ANTHROPIC_MESSAGES, "anthropic/claude-sonnet-4-5",
                    Format.OPENAI_CHAT, "openai/gpt-4.1",
                    Format.OPENAI_RESPONSES, "openai/gpt-4.1",
                    Format.GEMINI, "google/gemini-2.5-flash");

    @TestFactory
    Stream<DynamicTest> cases() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> folders = Files.list(CASES)) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                tests.addAll(cases(folder));
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    private static List<DynamicTest> cases(Path folder) throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        Optional<Format> asked = asked(folder);
        for (Format from : Format.values()) {
            for (Format to : Format.values()) {
                if (from == to) {
                    continue;
                }
                String name = folder.getFileName() + " " + from.label() + " to " + to.label();
                Path request = folder.resolve("request." + from.label() + ".json");
                if (Files.exists(request)) {
                    tests.add(DynamicTest.dynamicTest(name, () -> request(folder, from, to)));
                }
                boolean answers = asked.isEmpty() || asked.get() == to;
                Path answer = folder.resolve("answer." + from.label() + ".json");
                if (answers && Files.exists(answer)) {
                    tests.add(DynamicTest.dynamicTest(name, () -> answer(folder, from, to)));
                }
                Path stream = folder.resolve("stream." + from.label() + ".sse");
                if (answers && Files.exists(stream)) {
                    tests.add(DynamicTest.dynamicTest(name, () -> stream(folder, from, to)));
                }
            }
        }
        return tests;
    }

    private static Optional<Format> asked(Path folder) {
        return Arrays.stream(Format.values())
                .filter(format ->
                        Files.exists(folder.resolve("request." + format.label() + ".json")))
                .findFirst();
    }

    private static void request(Path folder, Format from, Format to) throws Exception {
        Translation read = read(folder, from);
        Model model = model(folder, to);
        ObjectNode out = MAPPER.createObjectNode();
        Optional<String> obstacle = read.obstacle(to, model);
        if (obstacle.isPresent()) {
            out.put("rejected", obstacle.get());
        } else {
            WireRequest request = read.request(to, model, false);
            out.put("path", request.path());
            out.set("headers", MAPPER.valueToTree(request.headers()));
            out.set("body", MAPPER.readTree(request.body().bytes()));
            out.set("dropped", MAPPER.valueToTree(request.dropped()));
        }
        compareJson(folder.resolve("request.to." + to.label() + ".json"), out);
    }

    private static void answer(Path folder, Format from, Format to) throws Exception {
        byte[] body = Files.readAllBytes(folder.resolve("answer." + from.label() + ".json"));
        byte[] translated = translator(folder, from, to).whole(body, false).bytes();
        compareJson(
                folder.resolve("answer." + from.label() + ".to." + to.label() + ".json"),
                MAPPER.readTree(translated));
    }

    private static void stream(Path folder, Format from, Format to) throws Exception {
        byte[] bytes = Files.readAllBytes(folder.resolve("stream." + from.label() + ".sse"));
        AnswerTranslator translator = translator(folder, from, to);
        StringBuilder out = new StringBuilder();
        for (byte b : bytes) {
            out.append(new String(translator.feed(new byte[] {b}), StandardCharsets.UTF_8));
        }
        out.append(new String(translator.close(), StandardCharsets.UTF_8));
        translator.failure().ifPresent(failure -> out.append("FAILED ").append(failure));
        Path golden = folder.resolve("stream." + from.label() + ".to." + to.label() + ".sse");
        if (WRITE) {
            Files.writeString(golden, out);
        }
        assertThat(out.toString()).isEqualTo(Files.readString(golden));
    }

    private static AnswerTranslator translator(Path folder, Format from, Format to)
            throws Exception {
        Frame frame = new Frame("golden", "model", 1_700_000_000, 100, true);
        return asked(folder).isPresent()
                ? read(folder, to).answer(from, frame, false)
                : new AnswerTranslator(from, to, frame, name -> name, false);
    }

    private static Translation read(Path folder, Format format) throws Exception {
        return Translation.of(
                format, Files.readAllBytes(folder.resolve("request." + format.label() + ".json")));
    }

    private static Model model(Path folder, Format format) throws IOException {
        Path own = folder.resolve("models.json");
        String ref = MODELS.get(format);
        if (Files.exists(own)) {
            ref = MAPPER.readTree(own.toFile()).path(format.label()).asText(ref);
        }
        int slash = ref.indexOf('/');
        return Catalog.builtIn()
                .find(ref.substring(0, slash), ref.substring(slash + 1))
                .orElseThrow();
    }

    private static void compareJson(Path golden, JsonNode out) throws IOException {
        if (WRITE) {
            Files.writeString(golden, MAPPER.writeValueAsString(out) + "\n");
        }
        assertThat(out.toPrettyString())
                .isEqualTo(MAPPER.readTree(golden.toFile()).toPrettyString());
    }
}

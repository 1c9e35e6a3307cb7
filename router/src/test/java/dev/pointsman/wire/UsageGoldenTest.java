package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.pointsman.core.TokenKind;
import dev.pointsman.core.Usage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is made of the counters of real answers; the rules and where they stand are in README.md.
 */
class UsageGoldenTest {

    private static final Path FILES = Path.of("src/test/resources/wire/usage");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Frame FRAME = new Frame("id", "model", 1_700_000_000, 100, true);
    private static final int TAIL = 1_200;

    /** What providers must be covered streaming and not, with a cache. */
    private static final List<String> PROVIDERS =
            List.of("anthropic", "openai", "responses", "gemini", "deepseek", "openrouter");

    /** The answer and what is expected of it. */
    private record Golden(String name, Format format, byte[] body, JsonNode expected) {
        @Override
        public String toString() {
            return name;
        }

        Map<TokenKind, Long> tokens() {
            Map<TokenKind, Long> tokens = new EnumMap<>(TokenKind.class);
            expected.path("tokens")
                    .properties()
                    .forEach(kind ->
                            tokens.put(TokenKind.of(kind.getKey()), kind.getValue().asLong()));
            return tokens;
        }
    }

    static Stream<Golden> whole() throws IOException {
        return goldens(".json").filter(golden -> golden.name.contains("-whole-"));
    }

    static Stream<Golden> streamed() throws IOException {
        return goldens(".sse");
    }

    private static Stream<Golden> goldens(String ending) throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files
                    .map(Path::getFileName)
                    .map(Path::toString)
                    .filter(file -> file.endsWith(ending) && !file.endsWith(".usage.json"))
                    .sorted()
                    .toList()
                    .stream()
                    .map(file -> golden(file, ending));
        }
    }

    private static Golden golden(String file, String ending) {
        String name = file.substring(0, file.length() - ending.length());
        try {
            JsonNode expected = MAPPER.readTree(FILES.resolve(name + ".usage.json").toFile());
            Format format =
                    Arrays.stream(Format.values())
                            .filter(one -> one.label().equals(expected.path("format").asText()))
                            .findFirst()
                            .orElseThrow();
            return new Golden(name, format, Files.readAllBytes(FILES.resolve(file)), expected);
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    static Stream<String> providers() {
        return PROVIDERS.stream();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void provider_ofTheList_isCoveredStreamingAndNotWithACache(String provider) {
        assertThat(FILES.resolve(provider + "-whole-cache.json")).exists();
        assertThat(FILES.resolve(provider + "-stream-cache.sse")).exists();
    }

    @ParameterizedTest
    @MethodSource("whole")
    void whole_answer_isCountedOnceInEveryWay(Golden golden) throws Exception {
        Format format = golden.format;
        byte[] tail =
                Arrays.copyOfRange(
                        golden.body, Math.max(20, golden.body.length - TAIL), golden.body.length);

        check(golden, WholeAnswer.usage(format, golden.body));
        check(golden, WholeAnswer.usageInTail(format, golden.body));
        check(golden, WholeAnswer.usageInTail(format, tail));
        check(golden, format.codec().answer(golden.body).usage());
        for (Format caller : others(format)) {
            AnswerTranslator.Whole told = translator(format, caller).whole(golden.body, false);
            check(golden, told.answer().usage());
            checkTold(golden, caller, WholeAnswer.usage(caller, told.bytes()));
        }
    }

    @ParameterizedTest
    @MethodSource("streamed")
    void stream_however_isCountedOnceInEveryWay(Golden golden) throws Exception {
        Format format = golden.format;
        for (boolean everything : new boolean[] {true, false}) {
            for (int piece : new int[] {1, 7, golden.body.length}) {
                StreamWatch watch = new StreamWatch(format, everything, false);
                pass(watch, golden.body, piece);
                check(golden, watch.usage());
            }
        }
        for (Format caller : others(format)) {
            AnswerTranslator translator = translator(format, caller);
            byte[] told = pass(translator, golden.body, golden.body.length);
            check(golden, translator.usage());
            StreamWatch watch = new StreamWatch(caller, true, false);
            pass(watch, told, told.length);
            checkTold(golden, caller, watch.usage());
        }
    }

    private static byte[] pass(Passage passage, byte[] body, int piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int from = 0; from < body.length; from += piece) {
            int to = Math.min(body.length, from + piece);
            out.writeBytes(passage.feed(Arrays.copyOfRange(body, from, to)));
        }
        out.writeBytes(passage.close());
        assertThat(passage.failure()).isEmpty();
        assertThat(passage.ended()).isTrue();
        return out.toByteArray();
    }

    private static List<Format> others(Format format) {
        return Arrays.stream(Format.values()).filter(other -> other != format).toList();
    }

    private static AnswerTranslator translator(Format provider, Format caller) {
        return new AnswerTranslator(provider, caller, FRAME, name -> name, false);
    }

    private static void check(Golden golden, Usage usage) {
        Map<TokenKind, Long> tokens = new EnumMap<>(TokenKind.class);
        long sum = 0;
        for (TokenKind kind : TokenKind.values()) {
            if (usage.tokens(kind) > 0) {
                tokens.put(kind, usage.tokens(kind));
            }
            sum += usage.tokens(kind);
        }
        assertThat(tokens).isEqualTo(golden.tokens());
        assertThat(usage.detail().tier().label()).isEqualTo(golden.expected.path("tier").asText());
        assertThat(usage.estimated()).isFalse();
        assertThat(sum).isEqualTo(usage.totalInput() + usage.output());
        assertThat(sum).as("the provider's own rule").isEqualTo(total(golden));
    }

    /** A caller is told all tokens, those of the cache apart, as far as its format has names. */
    private static void checkTold(Golden golden, Format caller, Usage usage) {
        Map<TokenKind, Long> tokens = golden.tokens();
        long cached =
                tokens.getOrDefault(TokenKind.CACHE_READ, 0L)
                        + tokens.getOrDefault(TokenKind.AUDIO_CACHE_READ, 0L);
        assertThat(usage.totalInput() + usage.output()).as(caller.label()).isEqualTo(total(golden));
        assertThat(usage.cacheRead()).as(caller.label()).isEqualTo(cached);
    }

    /** By the provider's documented rule, from its own counters only. */
    private static long total(Golden golden) {
        return switch (golden.format) {
            case ANTHROPIC_MESSAGES ->
                    last(golden, "input_tokens")
                            + last(golden, "cache_creation_input_tokens")
                            + last(golden, "cache_read_input_tokens")
                            + last(golden, "output_tokens");
            case OPENAI_CHAT, OPENAI_RESPONSES -> last(golden, "total_tokens");
            case GEMINI -> last(golden, "totalTokenCount");
        };
    }

    private static long last(Golden golden, String counter) {
        return Pattern.compile('"' + counter + "\":\\s*(\\d+)")
                .matcher(new String(golden.body, StandardCharsets.UTF_8))
                .results()
                .map((MatchResult match) -> Long.parseLong(match.group(1)))
                .reduce((first, second) -> second)
                .orElseThrow();
    }
}

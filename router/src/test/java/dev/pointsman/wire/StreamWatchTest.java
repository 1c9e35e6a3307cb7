package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Usage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

class StreamWatchTest {

    private static final Path CANNED = Path.of("../gateway/src/test/resources/canned");

    /** What a watch made of a stream. */
    private record Seen(
            String bytes,
            boolean begun,
            boolean ended,
            long contents,
            Usage usage,
            Optional<Stop> stop,
            String text,
            boolean failed) {}

    static Stream<Path> canned() throws IOException {
        try (Stream<Path> files = Files.walk(CANNED)) {
            return files
                    .filter(file -> file.toString().endsWith(".sse"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Format format(Path file) {
        return switch (file.getParent().getFileName().toString()) {
            case "chat" -> Format.OPENAI_CHAT;
            case "responses" -> Format.OPENAI_RESPONSES;
            case "anthropic" -> Format.ANTHROPIC_MESSAGES;
            default -> Format.GEMINI;
        };
    }

    private static List<byte[]> pieces(byte[] bytes, Random random, int most) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + random.nextInt(most));
            pieces.add(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        return pieces;
    }

    private static Seen seen(
            Format format, boolean everything, boolean withhold, List<byte[]> pieces) {
        StreamWatch watch = new StreamWatch(format, everything, withhold);
        ByteArrayOutputStream on = new ByteArrayOutputStream();
        pieces.forEach(piece -> on.writeBytes(watch.feed(piece)));
        on.writeBytes(watch.close());
        return new Seen(
                watch.failure().isPresent()
                        ? on.toString(StandardCharsets.UTF_8).stripTrailing()
                        : on.toString(StandardCharsets.UTF_8),
                watch.begun(),
                watch.ended(),
                watch.contents(),
                watch.usage(),
                watch.stop(),
                watch.text().toString(),
                watch.failure().isPresent());
    }

    @ParameterizedTest
    @MethodSource("canned")
    void stream_inRandomPieces_isSeenAsWhole(Path file) throws IOException {
        long seed = new Random().nextLong();
        System.out.println("StreamWatchTest seed " + seed);
        Random random = new Random(seed);
        String plain = Files.readString(file).replace("\r\n", "\n");
        String commented =
                plain.replace("\n\n", "\n\n: a comment that is longer than forty bytes by far\n\n");
        for (String text : List.of(plain, commented, "\ufeff" + plain)) {
            for (String end : List.of("\n", "\r\n", "\r")) {
                byte[] bytes = text.replace("\n", end).getBytes(StandardCharsets.UTF_8);
                for (boolean everything : new boolean[] {false, true}) {
                    Seen whole = seen(format(file), everything, false, List.of(bytes));
                    for (int most : new int[] {2, 3, 20, 400}) {
                        Seen split =
                                seen(format(file), everything, false, pieces(bytes, random, most));
                        assertThat(split).as("seed " + seed).isEqualTo(whole);
                    }
                    if (whole.failed()) {
                        assertThat(text.replace("\n", end)).startsWith(whole.bytes());
                    } else {
                        assertThat(whole.bytes()).isEqualTo(text.replace("\n", end));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("canned")
    void stream_parsedOnlyWhereItMatters_isSeenAsIfParsedWhole(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Seen quick = seen(format(file), false, false, List.of(bytes));
        Seen whole = seen(format(file), true, false, List.of(bytes));
        assertThat(quick.usage()).isEqualTo(whole.usage());
        assertThat(quick.stop()).isEqualTo(whole.stop());
        assertThat(quick.ended()).isEqualTo(whole.ended());
        assertThat(quick.begun()).isEqualTo(whole.begun());
        assertThat(quick.failed()).isEqualTo(whole.failed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void usageChunk_withheld_isGoneAndNothingElse(String end) {
        long seed = new Random().nextLong();
        System.out.println("StreamWatchTest seed " + seed);
        Random random = new Random(seed);
        String before =
                """
                data: {"choices":[{"index":0,"delta":{"content":"h\u00e9"}}],"usage":null}

                : keep-alive

                data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}

                """
                        .replace("\n", end);
        String usage =
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n"
                        .replace("\n", end);
        String after = "data: [DONE]\n\n".replace("\n", end);
        byte[] bytes = (before + usage + after).getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 50; round++) {
            Seen seen = seen(Format.OPENAI_CHAT, false, true, pieces(bytes, random, 30));
            assertThat(seen.usage()).isEqualTo(Usage.of(7, 3));
            assertThat(seen.ended()).isTrue();
            assertThat(lines(seen.bytes())).as("seed " + seed).isEqualTo(lines(before + after));
        }
    }

    /** A line's CR and LF may stand on either side of what was withheld. */
    private static List<String> lines(String text) {
        return text.lines().filter(line -> !line.isEmpty()).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":-5,\"completion_tokens\":-1}}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":50}}}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":1e999999999}}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":\"x\",\"completion_tokens\":[]}}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":9223372036854775808,"
                        + "\"completion_tokens\":9223372036854775807}}"
            })
    void usage_thatCannotBe_breaksNothing(String data) {
        String content = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n";
        byte[] bytes =
                (content + "data: " + data + "\n\ndata: [DONE]\n\n")
                        .getBytes(StandardCharsets.UTF_8);
        Seen seen = seen(Format.OPENAI_CHAT, false, false, List.of(bytes));
        assertThat(seen.ended()).isTrue();
        assertThat(seen.usage().input()).isNotNegative();
    }
}

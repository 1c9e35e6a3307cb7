package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Usage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** However a stream is cut and spelled, it says the same. */
class StreamSplitTest {

    private static final Frame FRAME = new Frame("id", "model", 1_700_000_000, 100, true);

    /** What a passage made of a stream; its bytes as Latin-1. */
    private record Seen(
            String out,
            boolean begun,
            boolean ended,
            Usage usage,
            Optional<Stop> stop,
            String text,
            boolean failed) {}

    private static Seen seen(Passage passage, List<byte[]> pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        pieces.forEach(piece -> out.writeBytes(passage.feed(piece)));
        out.writeBytes(passage.close());
        return new Seen(
                out.toString(StandardCharsets.ISO_8859_1),
                passage.begun(),
                passage.ended(),
                passage.usage(),
                passage.stop(),
                passage.text().toString(),
                passage.failure().isPresent());
    }

    private static List<AnswerEvent> events(Format format, List<byte[]> pieces)
            throws ProtocolException {
        SseDecoder decoder = new SseDecoder();
        List<ServerSentEvent> events = new ArrayList<>();
        for (byte[] piece : pieces) {
            decoder.feed(piece, events::add);
        }
        StreamReader reader = format.codec().stream();
        List<AnswerEvent> seen = new ArrayList<>();
        for (ServerSentEvent event : events) {
            reader.read(event, seen::add);
        }
        reader.close(seen::add);
        return seen;
    }

    /** All that a stream goes through whose state could depend on how it is cut. */
    private static Map<String, Supplier<Passage>> passages(Format format) {
        Map<String, Supplier<Passage>> passages = new LinkedHashMap<>();
        passages.put("watch", () -> new StreamWatch(format, false, false));
        passages.put("watch that reads all", () -> new StreamWatch(format, true, false));
        for (Format caller : Format.values()) {
            if (caller != format) {
                passages.put("to " + caller, () -> translator(format, caller));
            }
        }
        return passages;
    }

    private static Passage translator(Format provider, Format caller) {
        return new AnswerTranslator(provider, caller, FRAME, name -> name, false);
    }

    private static Random random() {
        long seed = new Random().nextLong();
        System.out.println("StreamSplitTest seed " + seed);
        return new Random(seed);
    }

    @ParameterizedTest
    @EnumSource
    void events_cutAnywhereAndSpelledAnyway_areTheSame(Format format) throws ProtocolException {
        Random random = random();
        String plain = Recordings.of(format);
        List<AnswerEvent> expected =
                events(format, List.of(plain.getBytes(StandardCharsets.UTF_8)));
        assertThat(expected).hasAtLeastOneElementOfType(AnswerEvent.End.class);
        assertThat(expected.toString()).doesNotContain("\uFFFD");
        for (Map.Entry<String, byte[]> spelled : Recordings.spellings(plain).entrySet()) {
            byte[] bytes = spelled.getValue();
            for (int at = 0; at <= bytes.length; at++) {
                same(expected, events(format, Recordings.cut(bytes, at)), spelled.getKey(), at);
            }
            for (int most : new int[] {1, 1, 3, 30, 300}) {
                List<byte[]> pieces = Recordings.pieces(bytes, random, most);
                same(expected, events(format, pieces), spelled.getKey(), -most);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void passage_cutAnywhereAndSpelledAnyway_seesAndHandsOnTheSame(Format format) {
        Random random = random();
        String plain = Recordings.of(format);
        passages(format)
                .forEach((name, passage) -> {
                    byte[] whole = plain.getBytes(StandardCharsets.UTF_8);
                    Seen expected = seen(passage.get(), List.of(whole));
                    assertThat(expected.ended()).as(name).isTrue();
                    assertThat(expected.failed()).as(name).isFalse();
                    assertThat(utf8(expected.out())).as(name).doesNotContain("\uFFFD");
                    assertThat(expected.usage()).as(name).isEqualTo(Usage.of(9, 7));
                    Recordings.spellings(plain)
                            .forEach((spelling, bytes) -> {
                                String what = name + ", " + spelling;
                                Seen own = own(expected, passage.get(), bytes);
                                for (int most : new int[] {1, 3, 30, 300}) {
                                    List<byte[]> pieces = Recordings.pieces(bytes, random, most);
                                    same(own, seen(passage.get(), pieces), what, -most);
                                }
                            });
                });
    }

    @ParameterizedTest
    @EnumSource
    void passage_cutInTwo_handsOnTheSameAndCommitsAtTheSameByte(Format format) {
        Map<String, byte[]> all = Recordings.spellings(Recordings.of(format));
        for (String spelling : List.of("plain, LF", "all at once, CRLF")) {
            byte[] bytes = all.get(spelling);
            passages(format)
                    .forEach((name, passage) -> {
                        String what = name + ", " + spelling;
                        Seen expected = seen(passage.get(), List.of(bytes));
                        int commit = commit(passage.get(), bytes);
                        for (int at = 0; at <= bytes.length; at++) {
                            Passage cut = passage.get();
                            List<byte[]> two = Recordings.cut(bytes, at);
                            byte[] first = cut.feed(two.getFirst());
                            assertThat(cut.begun()).as(what + " at " + at).isEqualTo(at >= commit);
                            Seen rest = seen(cut, two.subList(1, 2));
                            String out = new String(first, StandardCharsets.ISO_8859_1);
                            Seen joined =
                                    new Seen(
                                            out + rest.out(),
                                            rest.begun(),
                                            rest.ended(),
                                            rest.usage(),
                                            rest.stop(),
                                            rest.text(),
                                            rest.failed());
                            same(expected, joined, what, at);
                        }
                    });
        }
    }

    /** A watch hands on what it is given; a translator says the same in any case. */
    private static Seen own(Seen expected, Passage passage, byte[] bytes) {
        return passage instanceof StreamWatch
                ? new Seen(
                        new String(bytes, StandardCharsets.ISO_8859_1),
                        expected.begun(),
                        expected.ended(),
                        expected.usage(),
                        expected.stop(),
                        expected.text(),
                        expected.failed())
                : expected;
    }

    /** After how many bytes content has begun. */
    private static int commit(Passage passage, byte[] bytes) {
        int at = 0;
        while (!passage.begun()) {
            passage.feed(new byte[] {bytes[at++]});
        }
        return at;
    }

    private static String utf8(String latin) {
        return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static void same(Object expected, Object seen, String what, int at) {
        if (!seen.equals(expected)) {
            assertThat(seen).as("%s, cut at %d", what, at).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void deltas_fourTimesAsMany_takeAboutFourTimesAsLong(Format format) {
        String[] events = Recordings.of(format).split("(?<=\n\n)");
        String text = "Grüße 🚀, 漢 ";
        String delta =
                Stream.of(events).filter(event -> event.contains(text)).findFirst().orElseThrow();
        for (Supplier<Passage> passage : passages(format).values()) {
            linear(
                    many -> {
                        Passage under = passage.get();
                        for (String event : events) {
                            int times = event.equals(delta) ? many : 1;
                            byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
                            for (int i = 0; i < times; i++) {
                                under.feed(bytes);
                            }
                        }
                        under.close();
                        assertThat(under.ended()).isTrue();
                    },
                    5_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void value_fourTimesAsLong_takesAboutFourTimesAsLong(Format format) {
        String plain = Recordings.of(format);
        int at = plain.indexOf("Grüße");
        byte[] before = plain.substring(0, at).getBytes(StandardCharsets.UTF_8);
        byte[] after = plain.substring(at).getBytes(StandardCharsets.UTF_8);
        byte[] piece = "x".repeat(1 << 10).getBytes(StandardCharsets.UTF_8);
        for (Supplier<Passage> passage : passages(format).values()) {
            linear(
                    kilobytes -> {
                        Passage under = passage.get();
                        under.feed(before);
                        for (int i = 0; i < kilobytes; i++) {
                            under.feed(piece);
                        }
                        under.feed(after);
                        under.close();
                        assertThat(under.ended()).isTrue();
                        assertThat(under.failure()).isEmpty();
                    },
                    2 << 10);
        }
    }

    /** Square would be sixteen times; a machine that is busy is let off. */
    private static void linear(IntConsumer work, int some) {
        long once = Long.MAX_VALUE;
        long four = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            once = Math.min(once, nanos(work, some));
            four = Math.min(four, nanos(work, 4 * some));
            if (four < 10 * once || four < 500_000_000) {
                return;
            }
        }
        assertThat(four).isLessThan(10 * once);
    }

    private static long nanos(IntConsumer work, int size) {
        long start = System.nanoTime();
        work.accept(size);
        return System.nanoTime() - start;
    }
}

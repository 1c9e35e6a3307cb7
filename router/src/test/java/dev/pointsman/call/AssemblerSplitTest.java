package dev.pointsman.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Answer;
import dev.pointsman.wire.Format;
import dev.pointsman.wire.Headers;
import dev.pointsman.wire.Recordings;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** However a stream is cut and spelled, the library's caller is told the same. */
class AssemblerSplitTest {

    /** What was put together. */
    private record Told(Optional<Answer> answer, String pieces, boolean ended) {}

    private static Told told(Format format, List<byte[]> cut) {
        StringBuilder pieces = new StringBuilder();
        AnswerAssembler assembler =
                new AnswerAssembler(
                        format.codec(), Optional.of(pieces::append), () -> Duration.ZERO, () -> {});
        assembler.head(200, Headers.of(Map.of()));
        cut.forEach(assembler::bytes);
        boolean ended = assembler.ended();
        return new Told(assembler.end(), pieces.toString(), ended);
    }

    @ParameterizedTest
    @EnumSource
    void answer_cutAnywhereAndSpelledAnyway_isTheSame(Format format) {
        long seed = new Random().nextLong();
        System.out.println("AssemblerSplitTest seed " + seed);
        Random random = new Random(seed);
        String plain = Recordings.of(format);
        Told expected = told(format, List.of(plain.getBytes(StandardCharsets.UTF_8)));
        assertThat(expected.pieces()).isEqualTo(Recordings.TEXT);
        assertThat(expected.answer()).map(Answer::text).contains(Recordings.TEXT);
        Recordings.spellings(plain)
                .forEach((spelling, bytes) -> {
                    for (int at = 0; at <= bytes.length; at++) {
                        same(expected, told(format, Recordings.cut(bytes, at)), spelling, at);
                    }
                    for (int most : new int[] {1, 3, 30, 300}) {
                        List<byte[]> cut = Recordings.pieces(bytes, random, most);
                        same(expected, told(format, cut), spelling, -most);
                    }
                });
    }

    private static void same(Told expected, Told told, String spelling, int at) {
        if (!told.equals(expected)) {
            assertThat(told).as("%s, cut at %d", spelling, at).isEqualTo(expected);
        }
    }
}

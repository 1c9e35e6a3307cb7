package dev.pointsman.classify.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

/** Mistakes at a rate. */
class TyposTest {

    private static final String TEXT = "The quick brown fox, aged 7, jumps over 13 lazy dogs! ";

    @Test
    void text_atRateZero_isUnchanged() {
        long seed = System.nanoTime();
        String text = TEXT + "é, 漢字, \uD83D\uDE00, \uD83D";

        assertThat(Typos.in(text, 0, new Random(seed))).as("seed %d", seed).isEqualTo(text);
    }

    @Test
    void text_ofTheSameSeed_isTheSame() {
        long seed = System.nanoTime();
        String once = Typos.in(TEXT.repeat(20), 0.2, new Random(seed));

        assertThat(Typos.in(TEXT.repeat(20), 0.2, new Random(seed)))
                .as("seed %d", seed)
                .isEqualTo(once)
                .isNotEqualTo(TEXT.repeat(20));
        assertThat(Typos.in(TEXT.repeat(20), 0.2, new Random(seed + 1)))
                .as("seed %d", seed)
                .isNotEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.05, 0.2, 1})
    void letters_areMistypedAtAboutTheRate(double rate) {
        long seed = System.nanoTime();
        int count = 100_000;
        // between spaces a swap changes nothing: a quarter of the mistakes is not seen, and of the
        // replacements one in twenty-six
        double seen = rate * (0.5 + 0.25 * 25 / 26);
        int changed = 0;
        for (String letter :
                Typos.in("a ".repeat(count), rate, new Random(seed)).split(" ", count)) {
            changed += letter.strip().equals("a") ? 0 : 1;
        }

        double deviation = Math.sqrt(seen * (1 - seen) / count);
        assertThat((double) changed / count)
                .as("seed %d", seed)
                .isEqualTo(seen, within(7 * deviation));
    }

    @Test
    void signsDigitsAndSpaces_areNeverTouched() {
        long seed = System.nanoTime();

        for (int i = 0; i < 200; i++) {
            assertThat(Typos.in(TEXT, 1, new Random(seed + i)).replaceAll("[A-Za-z]", ""))
                    .as("seed %d", seed + i)
                    .isEqualTo(TEXT.replaceAll("[A-Za-z]", ""));
        }
    }

    @Test
    void textWithoutLetters_isUnchanged() {
        long seed = System.nanoTime();

        assertThat(Typos.in("", 1, new Random(seed))).isEmpty();
        assertThat(Typos.in("12 + 30 = 42 \uD83D\uDE00", 1, new Random(seed)))
                .as("seed %d", seed)
                .isEqualTo("12 + 30 = 42 \uD83D\uDE00");
    }
}

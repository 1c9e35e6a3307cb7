package dev.pointsman.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Estimates of size. */
class TokensTest {

    @Test
    void text_inLatinScript_isFourCharactersAToken() {
        assertThat(Tokens.estimate("a".repeat(4_000))).isEqualTo(1_000);
        assertThat(Tokens.estimate("")).isZero();
        assertThat(Tokens.estimate("a")).isEqualTo(1);
    }

    @Test
    void text_inWideScripts_isDenser() {
        assertThat(Tokens.estimate("\u4E2D".repeat(1_500))).isEqualTo(1_000);
    }

    @Test
    void text_ofAnyLength_isJudgedTheSameBySamples() {
        String mixed = "abcdefg\u4E2D\u6587".repeat(400);

        assertThat(Tokens.estimate(mixed.repeat(100)))
                .isCloseTo(100 * Tokens.estimate(mixed), Percentage.withPercentage(4));
    }

    @Test
    void task_withImages_countsThem() {
        Task task = Task.of("hello").image(Image.ofUrl("https://a/b.png"));
        assertThat(Tokens.estimate(task))
                .isEqualTo(Tokens.estimate(Task.of("hello")) + Tokens.PER_IMAGE);
    }
}

package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class BarsTest {

    private static final Bars BLOCKS = new Bars(true);
    private static final Bars ASCII = new Bars(false);

    @Test
    void bar_isAsLongAsItsShareOfTheLargest() {
        assertThat(BLOCKS.bar(800, 800)).isEqualTo("████████");
        assertThat(BLOCKS.bar(450, 800)).isEqualTo("████▌");
        assertThat(ASCII.bar(800, 800)).isEqualTo("########");
        assertThat(ASCII.bar(450, 800)).isEqualTo("#####");
    }

    @Test
    void bar_ofSomethingSmall_isNotEmpty_andThatOfNothingIs() {
        assertThat(BLOCKS.bar(1, Long.MAX_VALUE)).isEqualTo("▏");
        assertThat(ASCII.bar(1, Long.MAX_VALUE)).isEqualTo("#");
        assertThat(BLOCKS.bar(0, 800)).isEmpty();
        assertThat(BLOCKS.bar(-5, 800)).isEmpty();
        assertThat(ASCII.bar(0, 0)).isEmpty();
    }

    @Test
    void line_hasAHeightForEachAmount() {
        assertThat(BLOCKS.line(List.of(0L, 1L, 350L, 700L))).isEqualTo("▁▂▅█");
        assertThat(ASCII.line(List.of(0L, 1L, 350L, 700L))).isEqualTo("_.=#");
        assertThat(BLOCKS.line(List.of(0L, 0L))).isEqualTo("▁▁");
    }
}

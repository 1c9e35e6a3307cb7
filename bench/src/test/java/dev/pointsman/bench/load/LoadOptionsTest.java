package dev.pointsman.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.bench.load.LoadOptions.Part;

import org.junit.jupiter.api.Test;

final class LoadOptionsTest {

    @Test
    void options_nothingSaid_fivePartsOfPointsman() {
        LoadOptions options = new LoadOptions();
        assertThat(options.parts())
                .containsExactly(Part.NAMED, Part.AUTO, Part.RATE, Part.STREAMS, Part.LARGE);
        assertThat(options.pointsman()).isPresent();
    }

    @Test
    void options_proxyCommand_standsBesidePointsman() {
        LoadOptions options = new LoadOptions("--proxy-command=x {port}", "--only=rate,start");
        assertThat(options.proxyCommand()).contains("x {port}");
        assertThat(options.pointsman()).isPresent();
        assertThat(options.parts()).containsExactly(Part.RATE, Part.START);
    }

    @Test
    void options_noPointsman_leavesItOut() {
        LoadOptions options = new LoadOptions("--proxy-command=x {port}", "--no-pointsman");
        assertThat(options.proxyCommand()).isPresent();
        assertThat(options.pointsman()).isEmpty();
    }

    @Test
    void options_unknownName_refused() {
        assertThatThrownBy(() -> new LoadOptions("--round=3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--round=3");
    }
}

package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Seal;
import dev.pointsman.core.ToolName;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

/** What travels through a client of another format comes back byte for byte. */
class SealsTest {

    private static final Seal SEAL = new Seal("gemini", "Ab+/=\u00fc\uD83D\uDE80{\"x\":1}");

    @Test
    void seal_wrapped_comesBack() {
        assertThat(Seals.wrapped(SEAL)).matches("[a-zA-Z0-9._-]+");
        assertThat(Seals.unwrapped(Seals.wrapped(SEAL))).contains(SEAL);
    }

    @Test
    void seal_inACallsId_comesBack() {
        String id = Seals.id("call_1", Optional.of(SEAL));

        assertThat(id).matches("[a-zA-Z0-9_-]+");
        assertThat(Seals.id(id)).isEqualTo(new Seals.Id("call_1", Optional.of(SEAL)));
    }

    @Test
    void id_withoutASeal_staysAsItIs() {
        assertThat(Seals.id("toolu_01", Optional.empty())).isEqualTo("toolu_01");
        assertThat(Seals.id("toolu_01")).isEqualTo(new Seals.Id("toolu_01", Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EqQBCgIYAhIkYjk", "pointsman.", "pointsman.gemini", "pointsman.x.%%"})
    void signature_thatIsNotOurs_isNotUnwrapped(String text) {
        assertThat(Seals.unwrapped(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a__seal__b", "a__seal__b__%%", "__seal__"})
    void id_thatOnlyLooksSealed_staysAsItIs(String text) {
        assertThat(Seals.id(text)).isEqualTo(new Seals.Id(text, Optional.empty()));
    }

    @Test
    void name_thatFits_staysAsItIs() {
        assertThat(ToolNames.fit(ToolName.of("get_weather-2"), 64)).isEqualTo("get_weather-2");
    }

    @Test
    void names_thatDoNotFit_areDifferentAndFit() {
        String dots = ToolNames.fit(ToolName.of("files.read"), 64);
        String slashes = ToolNames.fit(ToolName.of("files/read"), 64);
        String longer = ToolNames.fit(ToolName.of("x".repeat(100)), 64);

        assertThat(dots).matches("files_read_[0-9a-f]{8}").isNotEqualTo(slashes);
        assertThat(longer).hasSize(64);
        assertThat(ToolNames.fit(new ToolName("run", Optional.of("shell"), false), 64))
                .isEqualTo("shell__run");
    }
}

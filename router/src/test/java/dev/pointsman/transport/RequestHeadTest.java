package dev.pointsman.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class RequestHeadTest {

    private static String text(RequestHead head) {
        return new String(head.bytes(), 0, head.length(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void head_ofManyLines_growsAndBeginsAnew() {
        RequestHead head = new RequestHead();
        head.begin().header("x", "v".repeat(5_000));
        assertThat(text(head)).isEqualTo("x: " + "v".repeat(5_000) + "\r\n");
        head.begin().path("/a?b=%20").header("y", "a\tb \u00e9").end();
        assertThat(text(head)).isEqualTo("/a?b=%20y: a\tb \u00e9\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "a\rb", "a\0b", "a\u007fb", "a\u4e2db", "\u000b"})
    void value_thatCouldEndItsLine_isRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new RequestHead().header("x", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a:b", "a\r\nb", "a\tb", "\u00e9"})
    void name_thatIsNone_isRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new RequestHead().header(name, "v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a\r\nb", "/a\tb", "/\u4e2d"})
    void path_thatCouldEndItsLine_isRefused(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> new RequestHead().path(path));
    }
}

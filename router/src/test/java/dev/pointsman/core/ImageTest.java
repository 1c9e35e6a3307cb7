package dev.pointsman.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Images from files, bytes, addresses and base64. */
class ImageTest {

    @TempDir private Path folder;

    @Test
    void file_ofAScreenshot_isReadWithItsType() throws IOException {
        Path png = Files.list(Path.of("../examples/images")).sorted().findFirst().orElseThrow();

        assertThat(Image.of(png))
                .isInstanceOfSatisfying(
                        Image.Data.class,
                        data -> assertThat(data.mediaType()).isEqualTo("image/png"));
    }

    @ParameterizedTest
    @CsvSource({
        "\u00FF\u00D8\u00FF\u00E0, image/jpeg",
        "GIF89a, image/gif",
        "RIFF0000WEBPVP8, image/webp"
    })
    void bytes_ofEachFormat_areKnown(String latin, String type) {
        byte[] bytes = latin.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(((Image.Data) Image.of(bytes)).mediaType()).isEqualTo(type);
    }

    @Test
    void file_thatIsNoImage_isNamed() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "hello");

        assertThatThrownBy(() -> Image.of(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("notes.txt")
                .hasMessageContaining("not a PNG, JPEG, GIF or WebP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a/b.png", "http://a/b.png", "gs://bucket/b.png"})
    void address_thatProvidersRead_isKept(String url) {
        assertThat(Image.ofUrl(url)).isEqualTo(new Image.Url(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"file:///etc/passwd", "/etc/passwd", "ftp://a/b", "data:image/png,raw", ""})
    void address_ofAnyOtherKind_isRefused(String url) {
        assertThatThrownBy(() -> Image.ofUrl(url)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dataUrl_withBase64_becomesItsBytes() {
        assertThat(Image.ofUrl("data:image/gif;base64,R0lGODlh"))
                .isEqualTo(new Image.Data("image/gif", "R0lGODlh"));
        assertThatThrownBy(() -> Image.ofUrl("data:image/gif;base64,%%%"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void image_asText_showsNoContent() {
        assertThat(Image.ofBase64("image/gif", "R0lGODlh")).asString().doesNotContain("R0lG");
    }
}

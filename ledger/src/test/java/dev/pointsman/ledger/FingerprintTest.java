package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Image;
import dev.pointsman.core.Message;
import dev.pointsman.core.Task;

import org.junit.jupiter.api.Test;

import java.util.List;

class FingerprintTest {

    private final Fingerprint fingerprint = new Fingerprint(new byte[32]);

    @Test
    void sameTask_hashesAlike_whateverItsTags() {
        assertThat(fingerprint.of(Task.of("x").tag("a", "b").caller("c")))
                .isEqualTo(fingerprint.of(Task.of("x")));
    }

    @Test
    void tasksOfTheSameTextInOtherPlaces_hashDifferently() {
        Task first =
                Task.of(List.of(Message.user("a"), Message.assistant("bc"), Message.user("d")));
        Task second =
                Task.of(List.of(Message.user("ab"), Message.assistant("c"), Message.user("d")));

        assertThat(fingerprint.of(first)).isNotEqualTo(fingerprint.of(second));
        assertThat(fingerprint.of(Task.of("b").system("a")))
                .isNotEqualTo(fingerprint.of(Task.of("ab")));
        assertThat(fingerprint.ofSession("x")).isNotEqualTo(fingerprint.of(Task.of("x")));
    }

    @Test
    void images_count() {
        Task png = Task.of("x").image(Image.ofBase64("image/png", "AAAA"));

        assertThat(fingerprint.of(png))
                .isNotEqualTo(fingerprint.of(Task.of("x")))
                .isNotEqualTo(
                        fingerprint.of(Task.of("x").image(Image.ofBase64("image/png", "AAAB"))));
    }

    @Test
    void otherKey_givesAnotherHash() {
        byte[] key = new byte[32];
        key[0] = 1;

        assertThat(new Fingerprint(key).of(Task.of("x")))
                .isNotEqualTo(fingerprint.of(Task.of("x")));
    }
}

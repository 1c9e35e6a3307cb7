package dev.pointsman.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class AccessKeyTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");

    @Test
    void newTexts_haveTheirPrefixAnd256Bits_andAreAllDifferent() {
        SecureRandom random = new SecureRandom();

        Set<String> texts =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> AccessKey.newText(random))
                        .collect(Collectors.toSet());

        assertThat(texts)
                .hasSize(1_000)
                .allSatisfy(text -> assertThat(text).matches("pm-[A-Za-z0-9_-]{43}"));
    }

    @Test
    void key_ofAText_holdsItsHashAndItsEndAlone() {
        AccessKey key = AccessKey.of("ci", "pm-some-text", Grant.ALL, NOW);

        assertThat(key.toString()).doesNotContain("pm-some").contains("text");
        assertThat(key.hint()).isEqualTo("text");
        assertThat(key.created()).isEqualTo("2026-03-01T10:00:00.123Z");
        // SHA-256 of "pm-some-text", by sha256sum.
        assertThat(key.hash())
                .hasToString("0d6e1fd783436a52a886403431b39283e045eaacf0a585818c9ab1bed4115df2");
        assertThat(KeyHash.ofBytes(key.hash().bytes())).isEqualTo(KeyHash.of("pm-some-text"));
        assertThat(key.hash()).isNotEqualTo(KeyHash.of("pm-some-texu"));
    }

    @Test
    void ring_findsAKeyByItsText_alsoARevokedOne() {
        AccessKey one = AccessKey.of("one", "pm-1", Grant.ALL, NOW);
        AccessKey gone = AccessKey.of("gone", "pm-2", Grant.ALL, NOW).revokedAt(NOW);
        KeyRing ring = KeyRing.of(List.of(one, gone));

        assertThat(ring.find("pm-1")).contains(one);
        assertThat(ring.find("pm-2")).contains(gone);
        assertThat(ring.find("pm-3")).isEmpty();
        assertThat(ring.find("")).isEmpty();
    }

    @Test
    void ring_needsAKey_onceThereIsAnyAtAll() {
        AccessKey gone = AccessKey.of("gone", "pm-2", Grant.ALL, NOW).revokedAt(NOW);

        assertThat(KeyRing.of(List.of()).isNeeded()).isFalse();
        assertThat(KeyRing.of(List.of(gone)).isNeeded()).isTrue();
        assertThat(KeyRing.of(List.of(gone)).without(Set.of("gone")).isNeeded()).isTrue();
        assertThat(KeyRing.of(List.of(gone)).without(Set.of("gone")).find("pm-2")).isEmpty();
        assertThat(KeyRing.LOCKED.isNeeded()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a ", " a", "a\tb", "a\nb"})
    void name_thatCouldNotBeRead_isRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AccessKey.of(name, "pm-1", Grant.ALL, NOW))
                .withMessageContaining("1 to 64 characters");
    }

    @Test
    void grant_withAWrongNumberOrName_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Grant.ALL.perMinute(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Grant.ALL.perMinute(0, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> Grant.ALL.models("a,b"));
        assertThatIllegalArgumentException().isThrownBy(() -> Grant.ALL.categories("a\tb"));
    }
}

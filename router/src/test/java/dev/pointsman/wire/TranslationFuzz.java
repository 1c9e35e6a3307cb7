package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import java.util.Arrays;

/**
 * Whatever a caller or a provider sends is refused, failed or brought over into something that can
 * be read. The first byte of an answer says how long the pieces of a stream are. To look for
 * longer, after the modules are built:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl testing,router -am test -Dtest=TranslationFuzz#requests_whatever*
 *     -Dgates.skip=true -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class TranslationFuzz {

    @FuzzTest(maxDuration = "60s")
    void requests_whatever_areRefusedOrBroughtOver(byte[] bytes) throws Exception {
        for (Format from : Format.values()) {
            Translations.request(from, bytes);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void answers_whatever_failOrAreBroughtOver(byte[] bytes) throws Exception {
        for (Format provider : Format.values()) {
            Translations.answer(provider, bytes);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void streams_whatever_failOrAreBroughtOver(byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        int piece = 1 + (input[0] & 0x3F);
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        for (Format provider : Format.values()) {
            assertThat(Translations.stream(provider, bytes, piece))
                    .isEqualTo(Translations.stream(provider, bytes, bytes.length + 1));
        }
    }
}

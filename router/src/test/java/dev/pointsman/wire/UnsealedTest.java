package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Model;
import dev.pointsman.core.Seal;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Nothing that was made for another provider reaches a request's own. */
class UnsealedTest {

    private static final Model MODEL = Model.unknown("p", "m");
    private static final Seal GEMINI = new Seal("gemini", "Q2lRQg==");
    private static final Seal CLAUDE = new Seal("anthropic-messages", "{\"type\":\"thinking\"}");

    @Test
    void thinking_ofAnotherProvider_isTakenOut() throws IOException {
        String foreign =
                "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\""
                        + Seals.wrapped(GEMINI)
                        + "\"},";
        String own = "{\"type\":\"thinking\",\"thinking\":\"ha\",\"signature\":\"EqQB\"},";
        String body =
                "{\"messages\":[{\"role\":\"assistant\",\"content\":[%s%s{\"type\":\"text\",\"text\":\"pointsman.\"}]}],\"x\":1.50}";

        assertThat(cleaned(Format.ANTHROPIC_MESSAGES, body.formatted(foreign, own)))
                .isEqualTo(body.formatted("", own));
    }

    @Test
    void reasoning_ofAnotherProvider_isTakenOut() throws IOException {
        String foreign =
                "{\"type\":\"reasoning\",\"id\":\"rs\",\"summary\":[],\"encrypted_content\":\""
                        + Seals.wrapped(CLAUDE)
                        + "\"},";
        String body = "{\"input\":[%s{\"role\":\"user\",\"content\":\"hi\"}]}";

        assertThat(cleaned(Format.OPENAI_RESPONSES, body.formatted(foreign)))
                .isEqualTo(body.formatted(""));
    }

    @Test
    void id_thatCarriesASeal_isBareInCallAndResult() throws IOException {
        String body =
                "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"%1$s\"}]},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"%1$s\",\"content\":\"\"}]}";

        assertThat(
                        cleaned(
                                Format.OPENAI_CHAT,
                                body.formatted(Seals.id("call_1", Optional.of(GEMINI)))))
                .isEqualTo(body.formatted("call_1"));
    }

    @Test
    void thoughtSignature_ofAnotherProvider_isTakenOut() throws IOException {
        String signature =
                Base64.getEncoder()
                        .encodeToString(Seals.wrapped(CLAUDE).getBytes(StandardCharsets.US_ASCII));
        String body = "{\"contents\":[{\"parts\":[{\"text\":\"a\"%s}]}]}";

        assertThat(
                        cleaned(
                                Format.GEMINI,
                                body.formatted(",\"thoughtSignature\":\"" + signature + "\"")))
                .isEqualTo(body.formatted(""));
    }

    @Test
    void seal_whereverItStands_isFound() throws IOException {
        String body = "{\"x\":\"%s\",\"input\":[%s{\"role\":\"user\",\"content\":\"hi\"}]}";
        String foreign =
                "{\"type\":\"reasoning\",\"encrypted_content\":\"" + Seals.wrapped(CLAUDE) + "\"},";
        for (String before : List.of("-", "p", "poi", "a", "_")) {
            for (int length = 0; length < 20; length++) {
                String x = before.repeat(length);
                assertThat(cleaned(Format.OPENAI_RESPONSES, body.formatted(x, foreign)))
                        .isEqualTo(body.formatted(x, ""));
            }
        }
    }

    @Test
    void request_withoutAnyOfIt_isLeftAlone() {
        for (String body :
                new String[] {
                    "{\"messages\":[{\"role\":\"user\",\"content\":\"pointsman.gemini.x"
                            + " __seal__\"}]}",
                    "{\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"signature\":\"EqQB\"}]}]}"
                }) {
            for (Format format : Format.values()) {
                assertThat(Unsealed.of(format, MODEL, body.getBytes(StandardCharsets.UTF_8)))
                        .isEmpty();
            }
        }
    }

    private static String cleaned(Format format, String body) {
        return new String(
                Unsealed.of(format, MODEL, body.getBytes(StandardCharsets.UTF_8))
                        .orElseThrow()
                        .body(),
                StandardCharsets.UTF_8);
    }
}

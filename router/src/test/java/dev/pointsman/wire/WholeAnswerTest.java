package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.core.Usage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class WholeAnswerTest {

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "OPENAI_CHAT|{\"x\":[{}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}",
                "OPENAI_RESPONSES|{\"error\":null,\"usage\":{\"input_tokens\":7,\"output_tokens\":3}}",
                "ANTHROPIC_MESSAGES|{\"usage\":{\"input_tokens\":7,\"output_tokens\":3},\"z\":1e400}",
                "GEMINI|{\"usageMetadata\":{\"promptTokenCount\":7,\"candidatesTokenCount\":3}}"
            })
    void usage_inEveryFormat_isFound(Format format, String body) throws ProtocolException {
        assertThat(WholeAnswer.usage(format, utf8(body))).isEqualTo(Usage.of(7, 3));
        assertThat(WholeAnswer.usageInTail(format, utf8(body.substring(1))))
                .isEqualTo(Usage.of(7, 3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"a\":",
                "{\"a\":1}{}",
                "<html>",
                "{\"error\":{\"message\":\"m\"}}"
            })
    void body_thatIsNoAnswer_isRefused(String body) {
        assertThatThrownBy(() -> WholeAnswer.usage(Format.OPENAI_CHAT, utf8(body)))
                .isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt_tokens\":-5,\"completion_tokens\":-1}",
                "{\"prompt_tokens\":1e999999999}",
                "{\"prompt_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":50}}",
                "{\"prompt_tokens\":\"x\",\"completion_tokens\":{}}",
                "{\"prompt_tokens\":9223372036854775808,\"completion_tokens\":1.5}"
            })
    void usage_thatCannotBe_breaksNothing(String usage) throws ProtocolException {
        byte[] body = utf8("{\"usage\":" + usage + "}");
        assertThat(WholeAnswer.usage(Format.OPENAI_CHAT, body).input()).isNotNegative();
        assertThat(WholeAnswer.usageInTail(Format.OPENAI_CHAT, body).input()).isNotNegative();
    }

    @Test
    void embeddings_asNumbers_becomeBase64AndOthersStayAsTheyAre() throws Exception {
        byte[] lists = utf8("{\"data\":[{\"index\":0,\"embedding\":[1,-0.5]}],\"x\":1.0e5}");
        assertThat(
                        Json.read(WholeAnswer.embeddingsInBase64(lists))
                                .at("/data/0/embedding")
                                .asText())
                .isEqualTo("AACAPwAAAL8=");
        byte[] ready = utf8("{\"data\":[{\"embedding\":\"AACAPwAAAL8=\"}]}");
        assertThat(WholeAnswer.embeddingsInBase64(ready)).isSameAs(ready);
    }
}

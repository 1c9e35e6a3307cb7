package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.catalog.Catalog;
import dev.pointsman.core.Model;
import dev.pointsman.core.Seal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What would be refused, or told as a success, behind a translation. */
class TranslationTest {

    private static final Frame FRAME = new Frame("id", "model", 1_700_000_000, 100, true);
    private static final String ASKED = "{\"role\":\"user\",\"content\":\"hi\"}";
    private static final String REASONED =
            "{\"choices\":[{\"message\":{\"reasoning_content\":\"hm\",\"content\":\"ok\"},"
                    + "\"finish_reason\":\"stop\"}]}";

    @ParameterizedTest
    @EnumSource(Format.class)
    void text_ofNothingButHalvesOfCharacters_isReplaced(Format caller) throws Exception {
        String halves = "\\ud83d".repeat(50_000);
        Format provider =
                caller == Format.OPENAI_CHAT ? Format.ANTHROPIC_MESSAGES : Format.OPENAI_CHAT;
        String body =
                provider == Format.OPENAI_CHAT
                        ? "{\"choices\":[{\"message\":{\"content\":\"" + halves + "\"}}]}"
                        : "{\"content\":[{\"type\":\"text\",\"text\":\"" + halves + "\"}]}";

        assertThat(whole(provider, caller, body)).contains("\uFFFD\uFFFD\uFFFD");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "openai-chat|{\"choices\":[{\"message\":{\"content\":\"\"},"
                        + "\"finish_reason\":\"error\"}]}",
                "openai-chat|{\"choices\":[{\"message\":{\"content\":\"a\"},"
                        + "\"finish_reason\":\"error\",\"error\":{\"message\":\"upstream\"}}]}",
                "openai-chat|{\"choices\":[{\"message\":{\"content\":null}}]}",
                "openai-responses|{\"status\":\"failed\",\"error\":null,\"output\":[]}",
                "gemini|{\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}"
            })
    void failure_thatLooksLikeAnAnswer_isAFailure(String provider, String body) {
        assertThatThrownBy(() -> whole(format(provider), Format.ANTHROPIC_MESSAGES, body))
                .isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "openai-chat|{\"choices\":[{\"delta\":{\"content\":\"\"},"
                        + "\"finish_reason\":\"error\"}]}",
                "gemini|{\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}"
            })
    void failure_atAStreamsEnd_isAFailure(String provider, String event) {
        AnswerTranslator translator = translator(format(provider), Format.ANTHROPIC_MESSAGES);

        translator.feed(utf8("data: " + event + "\n\n"));

        assertThat(translator.close()).isEmpty();
        assertThat(translator.failure()).isPresent();
    }

    @Test
    void events_behindTheEnd_areNothing() {
        AnswerTranslator translator = translator(Format.OPENAI_CHAT, Format.ANTHROPIC_MESSAGES);
        translator.feed(
                utf8(
                        "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":"
                                + "\"stop\"}]}\n\ndata: [DONE]\n\n"));

        translator.feed(utf8("data: what else\n\n"));

        assertThat(translator.close()).isEmpty();
        assertThat(translator.failure()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void reasoning_withoutASeal_doesNotGoToTheCallersOwnProvider(boolean answered)
            throws Exception {
        JsonNode answer = Json.read(whole(Format.OPENAI_CHAT, Format.ANTHROPIC_MESSAGES, REASONED));
        assertThat(answer.at("/content/0/signature").asText()).isNotEmpty();
        String body =
                "{\"model\":\"m\",\"max_tokens\":9,\"messages\":["
                        + ASKED
                        + ",{\"role\":\"assistant\",\"content\":"
                        + (answered ? answer.path("content") : "[" + answer.at("/content/0") + "]")
                        + "},"
                        + ASKED
                        + "]}";

        String own = unsealed(Format.ANTHROPIC_MESSAGES, "anthropic/claude-sonnet-4-5", body);

        assertThat(own).doesNotContain("thinking").doesNotContain("pointsman").contains(ASKED);
        assertThat(Json.read(own).path("messages")).hasSize(answered ? 3 : 2);
    }

    @Test
    void reasoning_withoutASeal_isNoItemOfOpenAis() throws Exception {
        JsonNode answer = Json.read(whole(Format.OPENAI_CHAT, Format.OPENAI_RESPONSES, REASONED));
        String body =
                "{\"model\":\"m\",\"input\":["
                        + answer.at("/output/0")
                        + ","
                        + answer.at("/output/1")
                        + "]}";

        String own = unsealed(Format.OPENAI_RESPONSES, "openai/gpt-5", body);

        assertThat(own).doesNotContain("reasoning").contains("output_text");
    }

    @Test
    void reasoning_withoutASeal_comesBackToWhoWantsIt() throws Exception {
        Translation read =
                Translation.of(
                        Format.ANTHROPIC_MESSAGES,
                        utf8(
                                "{\"max_tokens\":9,\"messages\":["
                                        + ASKED
                                        + ",{\"role\":\"assistant\",\"content\":[{\"type\":"
                                        + "\"thinking\",\"thinking\":\"hm\",\"signature\":\""
                                        + Seals.NONE
                                        + "\"},{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\","
                                        + "\"input\":{}}]},{\"role\":\"user\",\"content\":[{"
                                        + "\"type\":\"tool_result\",\"tool_use_id\":\"a\"}]}]}"));

        WireRequest request =
                read.request(Format.OPENAI_CHAT, model("deepseek/deepseek-reasoner"), false);

        assertThat(new String(request.body().bytes(), StandardCharsets.UTF_8))
                .contains("\"reasoning_content\":\"hm\"");
    }

    @ParameterizedTest
    @CsvSource({"google/gemini-3-pro-preview,true", "google/gemini-2.5-flash,false"})
    void call_ofAnotherProvider_isSignedWhereItMustBe(String asked, boolean signed) {
        String foreign = Gemini.signature(new Seal("openai-responses", "{}"));
        String body =
                "{\"contents\":[{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"f\"},"
                        + "\"thoughtSignature\":\""
                        + foreign
                        + "\"}]}]}";

        String own = unsealed(Format.GEMINI, asked, body);

        assertThat(own).doesNotContain(foreign);
        assertThat(own.contains(Gemini.NO_SIGNATURE)).isEqualTo(signed);
    }

    @Test
    void conversation_thatTheAssistantBegins_beginsWithTheUser() throws Exception {
        JsonNode body =
                toAnthropic(
                        "{\"messages\":[{\"role\":\"assistant\",\"content\":\"Hello!\"},"
                                + ASKED
                                + "]}");

        assertThat(body.path("messages")).hasSize(3);
        assertThat(body.at("/messages/0/role").asText()).isEqualTo("user");
    }

    @Test
    void calls_withoutToolsOnOffer_haveTheirToolsNamed() throws Exception {
        JsonNode body =
                toAnthropic(
                        "{\"messages\":["
                                + ASKED
                                + ",{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"type\":"
                                + "\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}"
                                + "]},{\"role\":\"tool\",\"tool_call_id\":\"a\",\"content\":\"1\"}]}");

        assertThat(body.at("/tools/0/name").asText()).isEqualTo("f");
        assertThat(body.at("/tool_choice/type").asText()).isEqualTo("none");
    }

    private static JsonNode toAnthropic(String body) throws Exception {
        WireRequest request =
                Translation.of(Format.OPENAI_CHAT, utf8(body))
                        .request(
                                Format.ANTHROPIC_MESSAGES,
                                model("anthropic/claude-sonnet-4-5"),
                                false);
        return Json.read(request.body().bytes());
    }

    private static String unsealed(Format format, String model, String body) {
        Optional<byte[]> own = Unsealed.of(format, model(model), utf8(body)).map(Unsealed::body);
        return new String(own.orElseThrow(), StandardCharsets.UTF_8);
    }

    private static Model model(String ref) {
        int slash = ref.indexOf('/');
        return Catalog.builtIn()
                .find(ref.substring(0, slash), ref.substring(slash + 1))
                .orElseThrow();
    }

    private static Format format(String label) {
        return Format.of(label).orElseThrow();
    }

    private static String whole(Format provider, Format caller, String body) throws Exception {
        byte[] bytes = translator(provider, caller).whole(utf8(body), false).bytes();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static AnswerTranslator translator(Format provider, Format caller) {
        return new AnswerTranslator(provider, caller, FRAME, name -> name, false);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

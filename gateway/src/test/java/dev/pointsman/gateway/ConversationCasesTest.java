package dev.pointsman.gateway;

import static dev.pointsman.gateway.Raw.utf8;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.pointsman.testing.Reaction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;

/** What a conversation carries from turn to turn. Numbers as in docs/reliability.md. */
class ConversationCasesTest {

    private static final String MESSAGES = "/v1/messages";
    private static final String CHAT = "/v1/chat/completions";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.start("");
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void case54_signedThinking_isTheSameBytesForItsProviderAndTakenOutForAnother()
            throws IOException {
        String body =
                "{\"model\": \"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":"
                        + "\"hi\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\","
                        + "\"thinking\":\"well\\u0021\",\"signature\":\"c2ln\\/bmVk\"},"
                        + "{\"type\":\"redacted_thinking\", \"data\":\"c2VjcmV0\"},"
                        + "{\"type\":\"text\",\"text\":\"yes\"}]},"
                        + "{\"role\":\"user\",\"content\":\"go on\"}]}";
        byte[] same = utf8(body.formatted("mockclaude/m"));
        assertThat(Raw.post(rig.port(), MESSAGES, same).status()).isEqualTo(200);
        assertThat(rig.provider().requests().getLast().text()).isEqualTo(body.formatted("m"));
        byte[] other = utf8(body.formatted("mock/m"));
        assertThat(Raw.post(rig.port(), MESSAGES, other).status()).isEqualTo(200);
        assertThat(rig.provider().requests().getLast().text())
                .contains("yes", "go on")
                .doesNotContain("c2ln", "c2VjcmV0");
    }

    @Test
    void case55_thoughtSignature_comesBackThroughAClientOfAnotherFormat() throws IOException {
        rig.provider()
                .script(
                        "m",
                        Reaction.sends(
                                200,
                                "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":"
                                        + "[{\"functionCall\":{\"name\":\"look\",\"args\":{}},"
                                        + "\"thoughtSignature\":\"c2lnbmVk\"}]},"
                                        + "\"finishReason\":\"STOP\"}]}"));
        String tools =
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"look\","
                        + "\"parameters\":{\"type\":\"object\",\"properties\":{}}}}]";
        String user = "{\"role\":\"user\",\"content\":\"look\"}";
        byte[] first =
                utf8("{\"model\":\"mockgemini/m\"," + tools + ",\"messages\":[" + user + "]}");
        Raw.Answer answer = Raw.post(rig.port(), CHAT, first);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode call = JSON.readTree(answer.body()).at("/choices/0/message/tool_calls/0");
        String id = call.path("id").asText();
        byte[] second =
                utf8(
                        "{\"model\":\"mockgemini/m\","
                                + tools
                                + ",\"messages\":["
                                + user
                                + ",{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\""
                                + id
                                + "\",\"type\":\"function\",\"function\":{\"name\":\"look\","
                                + "\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\""
                                + id
                                + "\",\"content\":\"seen\"}]}");
        assertThat(Raw.post(rig.port(), CHAT, second).status()).isEqualTo(200);
        assertThat(rig.provider().requests().getLast().body().findValuesAsText("thoughtSignature"))
                .containsExactly("c2lnbmVk");
    }

    @Test
    void case56_cacheMarks_areAsTheCallerSetThem() throws IOException {
        String mark =
                "{\"type\":\"text\",\"text\":\"a\",\"cache_control\":{\"type\":\"ephemeral\"}}";
        String body =
                "{\"model\":\"%s\",\"max_tokens\":9,\"system\":["
                        + mark
                        + "],\"messages\":[{\"role\":\"user\",\"content\":["
                        + String.join(",", mark, mark, mark, mark)
                        + "]}]}";
        byte[] asked = utf8(body.formatted("mockclaude/m"));
        assertThat(Raw.post(rig.port(), MESSAGES, asked).status()).isEqualTo(200);
        assertThat(rig.provider().requests().getLast().text()).isEqualTo(body.formatted("m"));
    }
}

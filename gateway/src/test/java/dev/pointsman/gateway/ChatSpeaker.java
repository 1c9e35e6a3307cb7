package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

import dev.pointsman.gateway.Ask.Call;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.wire.Format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class ChatSpeaker implements Speaker {

    @Override
    public Format format() {
        return Format.OPENAI_CHAT;
    }

    @Override
    public String folder() {
        return "chat";
    }

    @Override
    public String name() {
        return "openai";
    }

    @Override
    public String id() {
        return "gpt-5.4";
    }

    @Override
    public String base() {
        return "/v1";
    }

    @Override
    public String errorEvent() {
        return "data: {\"error\":{\"message\":\"scripted\",\"type\":\"server_error\","
                + "\"param\":null,\"code\":null}}\n\n";
    }

    @Override
    public String thought() {
        return Canned.json("chat/thinking").at("/choices/0/message/reasoning_content").asText();
    }

    @Override
    public List<JsonNode> seals() {
        return List.of();
    }

    @Override
    public Received read(ProviderRequest request) {
        assertThat(request.path()).isEqualTo("/v1/chat/completions");
        JsonNode body = request.body();
        try {
            ChatCompletionCreateParams.Body typed =
                    com.openai.core.ObjectMappers.jsonMapper()
                            .readValue(request.bytes(), ChatCompletionCreateParams.Body.class)
                            .validate();
            assertThat(typed._additionalProperties().keySet()).isSubsetOf(Set.of("stream"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (body.path("stream").asBoolean()) {
            assertThat(body.at("/stream_options/include_usage").asBoolean()).isTrue();
        }
        List<String> tools = new ArrayList<>();
        body.path("tools").forEach(tool -> tools.add(tool.at("/function/name").asText()));
        List<Call> calls = new ArrayList<>();
        Map<String, String> results = new LinkedHashMap<>();
        Optional<byte[]> image = Optional.empty();
        Optional<byte[]> pdf = Optional.empty();
        for (JsonNode message : body.path("messages")) {
            for (JsonNode call : message.path("tool_calls")) {
                calls.add(
                        new Call(
                                call.path("id").asText(),
                                call.at("/function/name").asText(),
                                Canned.parsed(call.at("/function/arguments").asText())));
            }
            if (message.path("role").asText().equals("tool")) {
                JsonNode content = message.path("content");
                results.put(
                        message.path("tool_call_id").asText(),
                        content.isTextual() ? content.asText() : content.at("/0/text").asText());
            }
            for (JsonNode part : message.path("content")) {
                if (part.has("image_url")) {
                    image = bytes("image/png", part.at("/image_url/url"));
                } else if (part.has("file")) {
                    pdf = bytes("application/pdf", part.at("/file/file_data"));
                }
            }
        }
        JsonNode schema = body.at("/response_format/json_schema/schema");
        return new Received(
                tools,
                calls,
                results,
                List.of(),
                image,
                pdf,
                schema.isObject() ? Optional.of(schema) : Optional.empty(),
                body.has("reasoning_effort"));
    }

    static Optional<byte[]> bytes(String type, JsonNode data) {
        String start = "data:" + type + ";base64,";
        assertThat(data.asText()).startsWith(start);
        return Optional.of(Base64.getDecoder().decode(data.asText().substring(start.length())));
    }
}

package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.models.messages.MessageCreateParams;
import com.fasterxml.jackson.databind.JsonNode;

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

final class AnthropicSpeaker implements Speaker {

    @Override
    public Format format() {
        return Format.ANTHROPIC_MESSAGES;
    }

    @Override
    public String folder() {
        return "anthropic";
    }

    @Override
    public String name() {
        return "anthropic";
    }

    @Override
    public String id() {
        return "claude-opus-4-6";
    }

    @Override
    public String errorEvent() {
        return "event: error\n"
                + "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":"
                + "\"scripted\"}}\n\n";
    }

    @Override
    public int overloaded() {
        return 529;
    }

    @Override
    public long reasoningTokens() {
        return 0;
    }

    @Override
    public String thought() {
        return Canned.json("anthropic/thinking").at("/content/0/thinking").asText();
    }

    @Override
    public List<JsonNode> seals() {
        JsonNode content = Canned.json("anthropic/thinking").path("content");
        return List.of(content.get(0), content.get(1));
    }

    @Override
    public Received read(ProviderRequest request) {
        assertThat(request.path()).isEqualTo("/v1/messages");
        assertThat(request.header("anthropic-version")).contains("2023-06-01");
        JsonNode body = request.body();
        try {
            MessageCreateParams.Body typed =
                    com.anthropic.core.ObjectMappers.jsonMapper()
                            .readValue(request.bytes(), MessageCreateParams.Body.class)
                            .validate();
            assertThat(typed._additionalProperties().keySet()).isSubsetOf(Set.of("stream"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String before = "assistant";
        for (JsonNode message : body.path("messages")) {
            assertThat(message.path("role").asText()).isNotEqualTo(before);
            before = message.path("role").asText();
        }
        List<String> tools = new ArrayList<>();
        body.path("tools").forEach(tool -> tools.add(tool.path("name").asText()));
        List<Call> calls = new ArrayList<>();
        Map<String, String> results = new LinkedHashMap<>();
        List<JsonNode> seals = new ArrayList<>();
        Optional<byte[]> image = Optional.empty();
        Optional<byte[]> pdf = Optional.empty();
        for (JsonNode message : body.path("messages")) {
            for (JsonNode block : message.path("content")) {
                JsonNode data = block.at("/source/data");
                switch (block.path("type").asText()) {
                    case "tool_use" ->
                            calls.add(
                                    new Call(
                                            block.path("id").asText(),
                                            block.path("name").asText(),
                                            block.path("input")));
                    case "tool_result" ->
                            results.put(
                                    block.path("tool_use_id").asText(),
                                    text(block.path("content")));
                    case "thinking", "redacted_thinking" -> seals.add(block);
                    case "image" -> image = bytes(data);
                    case "document" -> pdf = bytes(data);
                    default -> assertThat(block.path("type").asText()).isEqualTo("text");
                }
            }
        }
        JsonNode schema = body.at("/output_config/format/schema");
        return new Received(
                tools,
                calls,
                results,
                seals,
                image,
                pdf,
                schema.isObject() ? Optional.of(schema) : Optional.empty(),
                Set.of("enabled", "adaptive").contains(body.at("/thinking/type").asText()));
    }

    private static String text(JsonNode content) {
        return content.isTextual() ? content.asText() : content.at("/0/text").asText();
    }

    private static Optional<byte[]> bytes(JsonNode data) {
        return Optional.of(Base64.getDecoder().decode(data.asText()));
    }
}

package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.models.responses.ResponseCreateParams;

import dev.pointsman.gateway.Ask.Call;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.wire.Format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class ResponsesSpeaker implements Speaker {

    @Override
    public Format format() {
        return Format.OPENAI_RESPONSES;
    }

    @Override
    public String folder() {
        return "responses";
    }

    @Override
    public String name() {
        return "responding";
    }

    @Override
    public String id() {
        return "gpt-5.5";
    }

    @Override
    public String base() {
        return "/v1";
    }

    @Override
    public String errorEvent() {
        return Canned.event("responses/error");
    }

    @Override
    public String thought() {
        return Canned.json("responses/thinking").at("/output/0/summary/0/text").asText();
    }

    @Override
    public List<JsonNode> seals() {
        return List.of(Canned.json("responses/thinking").at("/output/0"));
    }

    @Override
    public Received read(ProviderRequest request) {
        assertThat(request.path()).isEqualTo("/v1/responses");
        JsonNode body = request.body();
        try {
            ResponseCreateParams.Body typed =
                    com.openai.core.ObjectMappers.jsonMapper()
                            .readValue(full(body).toString(), ResponseCreateParams.Body.class)
                            .validate();
            assertThat(typed._additionalProperties().keySet()).isSubsetOf(Set.of("stream"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(body.path("store").isBoolean() && !body.path("store").asBoolean()).isTrue();
        List<String> tools = new ArrayList<>();
        body.path("tools").forEach(tool -> tools.add(tool.path("name").asText()));
        List<Call> calls = new ArrayList<>();
        Map<String, String> results = new LinkedHashMap<>();
        List<JsonNode> seals = new ArrayList<>();
        Optional<byte[]> image = Optional.empty();
        Optional<byte[]> pdf = Optional.empty();
        for (JsonNode item : body.path("input")) {
            switch (item.path("type").asText()) {
                case "function_call" ->
                        calls.add(
                                new Call(
                                        item.path("call_id").asText(),
                                        item.path("name").asText(),
                                        Canned.parsed(item.path("arguments").asText())));
                case "function_call_output" -> {
                    JsonNode output = item.path("output");
                    results.put(
                            item.path("call_id").asText(),
                            output.isTextual() ? output.asText() : output.at("/0/text").asText());
                }
                case "reasoning" -> seals.add(item);
                default -> assertThat(item.has("role")).isTrue();
            }
            for (JsonNode part : item.path("content")) {
                if (part.has("image_url")) {
                    image = ChatSpeaker.bytes("image/png", part.path("image_url"));
                } else if (part.has("file_data")) {
                    pdf = ChatSpeaker.bytes("application/pdf", part.path("file_data"));
                }
            }
        }
        JsonNode schema = body.at("/text/format/schema");
        return new Received(
                tools,
                calls,
                results,
                seals,
                image,
                pdf,
                schema.isObject() ? Optional.of(schema) : Optional.empty(),
                body.at("/reasoning").isObject());
    }

    /** With what the SDK's types demand and the API does not: ids of messages, images' detail. */
    private static JsonNode full(JsonNode body) {
        JsonNode full = body.deepCopy();
        for (JsonNode item : full.path("input")) {
            if (item.path("role").asText().equals("assistant")) {
                ((ObjectNode) item).put("id", "msg_1").put("status", "completed");
                for (JsonNode piece : item.path("content")) {
                    ((ObjectNode) piece).putArray("annotations");
                }
            }
            for (JsonNode piece : item.path("content")) {
                if (piece.has("image_url")) {
                    ((ObjectNode) piece).put("detail", "auto");
                }
            }
        }
        return full;
    }
}

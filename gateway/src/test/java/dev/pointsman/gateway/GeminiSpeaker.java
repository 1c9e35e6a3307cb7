package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.genai.types.Content;
import com.google.genai.types.Tool;

import dev.pointsman.gateway.Ask.Call;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.wire.Format;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class GeminiSpeaker implements Speaker {

    private static final Set<String> FIELDS =
            Set.of(
                    "contents",
                    "systemInstruction",
                    "tools",
                    "toolConfig",
                    "generationConfig",
                    "safetySettings",
                    "cachedContent",
                    "labels");

    @Override
    public Format format() {
        return Format.GEMINI;
    }

    @Override
    public String folder() {
        return "gemini";
    }

    @Override
    public String name() {
        return "google";
    }

    @Override
    public String id() {
        return "gemini-2.5-flash";
    }

    @Override
    public int some() {
        return 3;
    }

    @Override
    public String errorEvent() {
        return "data: {\"error\":{\"code\":503,\"message\":\"scripted\",\"status\":"
                + "\"UNAVAILABLE\"}}\r\n\r\n";
    }

    @Override
    public String thought() {
        return Canned.json("gemini/thinking").at("/candidates/0/content/parts/0/text").asText();
    }

    @Override
    public List<JsonNode> seals() {
        return List.of(
                Canned.json("gemini/thinking")
                        .at("/candidates/0/content/parts/1/thoughtSignature"));
    }

    @Override
    public Received read(ProviderRequest request) {
        assertThat(request.path())
                .isEqualTo(
                        "/v1beta/models/"
                                + id()
                                + (request.streams()
                                        ? ":streamGenerateContent?alt=sse"
                                        : ":generateContent"));
        JsonNode body = request.body();
        body.fieldNames().forEachRemaining(name -> assertThat(FIELDS).contains(name));
        List<String> tools = new ArrayList<>();
        for (JsonNode tool : body.path("tools")) {
            assertThat(Tool.fromJson(tool.toString()).functionDeclarations()).isPresent();
            tool.path("functionDeclarations").forEach(one -> tools.add(one.path("name").asText()));
        }
        List<Call> calls = new ArrayList<>();
        Map<String, String> results = new LinkedHashMap<>();
        List<JsonNode> seals = new ArrayList<>();
        Optional<byte[]> image = Optional.empty();
        Optional<byte[]> pdf = Optional.empty();
        String before = "model";
        for (JsonNode content : body.path("contents")) {
            Content typed = Content.fromJson(content.toString());
            assertThat(typed.role().orElseThrow()).isIn("user", "model").isNotEqualTo(before);
            assertThat(typed.parts().orElseThrow()).isNotEmpty();
            before = typed.role().orElseThrow();
            for (JsonNode part : content.path("parts")) {
                if (part.has("thoughtSignature") && part.has("functionCall")) {
                    seals.add(part.path("thoughtSignature"));
                }
                if (part.has("functionCall")) {
                    JsonNode call = part.path("functionCall");
                    calls.add(
                            new Call(
                                    call.path("id").asText(),
                                    call.path("name").asText(),
                                    call.path("args")));
                } else if (part.has("functionResponse")) {
                    JsonNode result = part.path("functionResponse");
                    assertThat(result.path("name").asText()).isNotEmpty();
                    assertThat(result.path("response").isObject()).isTrue();
                    results.put(
                            result.path("id").asText(),
                            result.path("response").elements().next().asText());
                } else if (part.has("inlineData")) {
                    byte[] bytes = Base64.getDecoder().decode(part.at("/inlineData/data").asText());
                    if (part.at("/inlineData/mimeType").asText().equals("image/png")) {
                        image = Optional.of(bytes);
                    } else {
                        assertThat(part.at("/inlineData/mimeType").asText())
                                .isEqualTo("application/pdf");
                        pdf = Optional.of(bytes);
                    }
                } else {
                    assertThat(part.path("text").isTextual()).isTrue();
                }
            }
        }
        JsonNode config = body.path("generationConfig");
        JsonNode schema =
                config.has("responseJsonSchema")
                        ? config.path("responseJsonSchema")
                        : config.path("responseSchema");
        if (schema.isObject()) {
            assertThat(config.path("responseMimeType").asText()).isEqualTo("application/json");
        }
        return new Received(
                tools,
                calls,
                results,
                seals,
                image,
                pdf,
                schema.isObject() ? Optional.of(schema) : Optional.empty(),
                config.has("thinkingConfig"));
    }
}

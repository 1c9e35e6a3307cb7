package dev.pointsman.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.wire.Format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that does its tools' work and sends all it was told back, to the letter. */
abstract sealed class Agent {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"key\":{\"type\":\"string\"}}}";
    private static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    final ArrayNode said = JSON.createArrayNode();
    private final List<String> marks = new ArrayList<>();

    static Agent of(Format format) {
        return switch (format) {
            case ANTHROPIC_MESSAGES -> new OfAnthropic();
            case OPENAI_CHAT -> new OfChat();
            case OPENAI_RESPONSES -> new OfResponses();
            case GEMINI -> new OfGemini();
        };
    }

    abstract String path(String model);

    abstract void asks(String text, boolean picture);

    /** Takes an answer; what is to be done, as the answer's own calls. */
    abstract List<JsonNode> hears(JsonNode answer);

    abstract void results(List<JsonNode> calls, List<String> results);

    abstract ObjectNode request(String model);

    byte[] body(String model) {
        return request(model).toString().getBytes(StandardCharsets.UTF_8);
    }

    void user(int turn) {
        marks.add("asked-" + turn + ".");
        asks("asked-" + turn + ".", turn % 2 == 0);
    }

    /** Whether there is work to do; it is done. */
    void works(JsonNode answer, int turn) {
        List<JsonNode> calls = hears(answer);
        if (turn % 3 != 0) {
            marks.add("said-" + turn + ".");
        }
        List<String> results = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            results.add("result-" + turn + "-" + i + ".");
        }
        if (!calls.isEmpty()) {
            marks.add("arg-" + turn + "look");
            marks.addAll(results);
            results(calls, results);
        }
    }

    /** What a provider must find in the conversation, in this order. */
    List<String> marks() {
        return marks;
    }

    static String picture() {
        return PNG;
    }

    private static JsonNode schema() {
        return Canned.parsed(SCHEMA);
    }

    private static final class OfAnthropic extends Agent {
        @Override
        String path(String model) {
            return "/v1/messages";
        }

        @Override
        void asks(String text, boolean picture) {
            ArrayNode content = said.addObject().put("role", "user").putArray("content");
            if (picture) {
                content.addObject()
                        .put("type", "image")
                        .putObject("source")
                        .put("type", "base64")
                        .put("media_type", "image/png")
                        .put("data", PNG);
            }
            content.addObject().put("type", "text").put("text", text);
        }

        @Override
        List<JsonNode> hears(JsonNode answer) {
            said.addObject().put("role", "assistant").set("content", answer.path("content"));
            List<JsonNode> calls = new ArrayList<>();
            for (JsonNode block : answer.path("content")) {
                if (block.path("type").asText().equals("tool_use")) {
                    calls.add(block);
                }
            }
            return calls;
        }

        @Override
        void results(List<JsonNode> calls, List<String> results) {
            ArrayNode content = said.addObject().put("role", "user").putArray("content");
            for (int i = 0; i < calls.size(); i++) {
                content.addObject()
                        .put("type", "tool_result")
                        .put("tool_use_id", calls.get(i).path("id").asText())
                        .put("content", results.get(i));
            }
        }

        @Override
        ObjectNode request(String model) {
            ObjectNode body = JSON.createObjectNode().put("model", model).put("max_tokens", 8000);
            body.put("system", "Be brief.");
            body.putObject("thinking").put("type", "enabled").put("budget_tokens", 2000);
            ArrayNode tools = body.putArray("tools");
            for (String tool : List.of("look", "count")) {
                tools.addObject().put("name", tool).set("input_schema", schema());
            }
            body.set("messages", said);
            return body;
        }
    }

    private static final class OfChat extends Agent {
        @Override
        String path(String model) {
            return "/v1/chat/completions";
        }

        @Override
        void asks(String text, boolean picture) {
            ArrayNode content = said.addObject().put("role", "user").putArray("content");
            content.addObject().put("type", "text").put("text", text);
            if (picture) {
                content.addObject()
                        .put("type", "image_url")
                        .putObject("image_url")
                        .put("url", "data:image/png;base64," + PNG);
            }
        }

        @Override
        List<JsonNode> hears(JsonNode answer) {
            JsonNode message = answer.at("/choices/0/message");
            said.add(message);
            List<JsonNode> calls = new ArrayList<>();
            message.path("tool_calls").forEach(calls::add);
            return calls;
        }

        @Override
        void results(List<JsonNode> calls, List<String> results) {
            for (int i = 0; i < calls.size(); i++) {
                said.addObject()
                        .put("role", "tool")
                        .put("tool_call_id", calls.get(i).path("id").asText())
                        .put("content", results.get(i));
            }
        }

        @Override
        ObjectNode request(String model) {
            ObjectNode body = JSON.createObjectNode().put("model", model);
            body.put("reasoning_effort", "low");
            ArrayNode tools = body.putArray("tools");
            for (String tool : List.of("look", "count")) {
                tools.addObject()
                        .put("type", "function")
                        .putObject("function")
                        .put("name", tool)
                        .set("parameters", schema());
            }
            body.set("messages", said);
            return body;
        }
    }

    private static final class OfResponses extends Agent {
        @Override
        String path(String model) {
            return "/v1/responses";
        }

        @Override
        void asks(String text, boolean picture) {
            ArrayNode content =
                    said.addObject().put("type", "message").put("role", "user").putArray("content");
            content.addObject().put("type", "input_text").put("text", text);
            if (picture) {
                content.addObject()
                        .put("type", "input_image")
                        .put("image_url", "data:image/png;base64," + PNG);
            }
        }

        @Override
        List<JsonNode> hears(JsonNode answer) {
            List<JsonNode> calls = new ArrayList<>();
            for (JsonNode item : answer.path("output")) {
                said.add(item);
                if (item.path("type").asText().equals("function_call")) {
                    calls.add(item);
                }
            }
            return calls;
        }

        @Override
        void results(List<JsonNode> calls, List<String> results) {
            for (int i = 0; i < calls.size(); i++) {
                said.addObject()
                        .put("type", "function_call_output")
                        .put("call_id", calls.get(i).path("call_id").asText())
                        .put("output", results.get(i));
            }
        }

        @Override
        ObjectNode request(String model) {
            ObjectNode body = JSON.createObjectNode().put("model", model).put("store", false);
            body.putArray("include").add("reasoning.encrypted_content");
            body.putObject("reasoning").put("effort", "low").put("summary", "auto");
            ArrayNode tools = body.putArray("tools");
            for (String tool : List.of("look", "count")) {
                tools.addObject()
                        .put("type", "function")
                        .put("name", tool)
                        .put("strict", false)
                        .set("parameters", schema());
            }
            body.set("input", said);
            return body;
        }
    }

    private static final class OfGemini extends Agent {
        @Override
        String path(String model) {
            return "/v1beta/models/" + model + ":generateContent";
        }

        @Override
        void asks(String text, boolean picture) {
            ArrayNode parts = said.addObject().put("role", "user").putArray("parts");
            parts.addObject().put("text", text);
            if (picture) {
                parts.addObject()
                        .putObject("inlineData")
                        .put("mimeType", "image/png")
                        .put("data", PNG);
            }
        }

        @Override
        List<JsonNode> hears(JsonNode answer) {
            JsonNode content = answer.at("/candidates/0/content");
            said.add(content);
            List<JsonNode> calls = new ArrayList<>();
            for (JsonNode part : content.path("parts")) {
                if (part.has("functionCall")) {
                    calls.add(part.path("functionCall"));
                }
            }
            return calls;
        }

        @Override
        void results(List<JsonNode> calls, List<String> results) {
            ArrayNode parts = said.addObject().put("role", "user").putArray("parts");
            for (int i = 0; i < calls.size(); i++) {
                ObjectNode response = parts.addObject().putObject("functionResponse");
                if (calls.get(i).has("id")) {
                    response.set("id", calls.get(i).path("id"));
                }
                response.put("name", calls.get(i).path("name").asText())
                        .putObject("response")
                        .put("result", results.get(i));
            }
        }

        @Override
        ObjectNode request(String model) {
            ObjectNode body = JSON.createObjectNode();
            body.putObject("generationConfig")
                    .putObject("thinkingConfig")
                    .put("includeThoughts", true);
            ArrayNode tools = body.putArray("tools").addObject().putArray("functionDeclarations");
            for (String tool : List.of("look", "count")) {
                tools.addObject().put("name", tool).set("parametersJsonSchema", schema());
            }
            body.set("contents", said);
            return body;
        }
    }
}

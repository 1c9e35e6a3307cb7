package dev.pointsman.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.wire.Format;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A provider that refuses what the real ones refuse, in their words, and above all reasoning that
 * it did not seal itself. It asks for two tools, then says something and asks for one more, then
 * answers, and begins again.
 */
sealed interface Strict {

    ObjectMapper JSON = new ObjectMapper();

    /** A refusal. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    Format format();

    /**
     * @throws Refused if it is not what the real provider takes
     */
    void check(ProviderRequest request);

    /** What it answers in that turn of the conversation, counted from 0. */
    String answer(String model, int turn);

    /** How many of its own seals the request brings back. */
    int seals(ProviderRequest request);

    static Strict of(Format format, String name) {
        return switch (format) {
            case ANTHROPIC_MESSAGES -> new Anthropic(name);
            case OPENAI_CHAT -> new Chat(name);
            case OPENAI_RESPONSES -> new Responses(name);
            case GEMINI -> new Gemini(name);
        };
    }

    private static void demand(boolean held, String otherwise) {
        if (!held) {
            throw new Refused(otherwise);
        }
    }

    private static String arguments(int turn, String which) {
        return "{\"key\":\"arg-" + turn + which + "\"}";
    }

    private static JsonNode parsed(String json) {
        return Canned.parsed(json);
    }

    private static boolean calls(int turn) {
        return turn % 3 != 2;
    }

    /** What is called in a turn. */
    private static List<String> called(int turn) {
        return switch (turn % 3) {
            case 0 -> List.of("look", "count");
            case 1 -> List.of("look");
            default -> List.of();
        };
    }

    private static boolean speaks(int turn) {
        return turn % 3 != 0;
    }

    /** Anthropic's Messages; a signature holds for the model alone that made it. */
    record Anthropic(String name, Map<String, String> issued) implements Strict {
        Anthropic(String name) {
            this(name, new HashMap<>());
        }

        @Override
        public Format format() {
            return Format.ANTHROPIC_MESSAGES;
        }

        @Override
        public void check(ProviderRequest request) {
            JsonNode body = request.body();
            demand(body.path("max_tokens").asInt() > 0, "max_tokens: Field required");
            JsonNode messages = body.path("messages");
            Set<String> ids = new HashSet<>();
            Set<String> open = Set.of();
            String before = "assistant";
            for (int i = 0; i < messages.size(); i++) {
                JsonNode message = messages.get(i);
                String role = message.path("role").asText();
                demand(!role.equals(before), "messages: roles must alternate");
                before = role;
                open = message(body, message, "messages." + i, role, open, ids);
            }
            demand(before.equals("user"), "messages: must end with a user message");
            thinking(body);
        }

        private Set<String> message(
                JsonNode body,
                JsonNode message,
                String at,
                String role,
                Set<String> open,
                Set<String> ids) {
            JsonNode content = message.path("content");
            if (content.isTextual()) {
                demand(open.isEmpty(), at + ": `tool_use` ids without `tool_result` blocks");
                demand(!content.asText().isBlank(), at + ": text content blocks must be non-empty");
                return Set.of();
            }
            demand(content.isArray() && !content.isEmpty(), at + ": content must be non-empty");
            Set<String> calls = new HashSet<>();
            Set<String> left = new HashSet<>(open);
            boolean others = false;
            for (int j = 0; j < content.size(); j++) {
                JsonNode block = content.get(j);
                String where = at + ".content." + j;
                switch (block.path("type").asText()) {
                    case "text" -> {
                        others = true;
                        demand(
                                !block.path("text").asText().isBlank(),
                                where + ": text content blocks must be non-empty");
                    }
                    case "image" -> {
                        others = true;
                        demand(role.equals("user"), where + ": images by the user only");
                    }
                    case "thinking" -> {
                        String signature = block.path("signature").asText();
                        demand(
                                issued.getOrDefault(signature + body.path("model").asText(), "")
                                        .equals(block.path("thinking").asText()),
                                where + ": Invalid `signature` in `thinking` block");
                    }
                    case "tool_use" -> {
                        String id = block.path("id").asText();
                        demand(
                                id.matches("[a-zA-Z0-9_-]+"),
                                where + ".tool_use.id: String should match pattern");
                        demand(ids.add(id), where + ": `tool_use` ids must be unique");
                        demand(block.path("input").isObject(), where + ".input: not an object");
                        calls.add(id);
                    }
                    case "tool_result" -> {
                        demand(!others, where + ": tool_result blocks must come first");
                        demand(
                                left.remove(block.path("tool_use_id").asText()),
                                where + ": unexpected `tool_use_id` found in `tool_result` blocks");
                    }
                    default -> throw new Refused(where + ": Input tag is not one of the expected");
                }
            }
            demand(left.isEmpty(), at + ": `tool_use` ids without `tool_result` blocks: " + left);
            demand(calls.isEmpty() || body.has("tools"), "tools: Field required");
            return calls;
        }

        private static void thinking(JsonNode body) {
            String type = body.at("/thinking/type").asText();
            demand(
                    type.isEmpty() || !body.has("temperature"),
                    "`temperature` may only be set to 1 when thinking is enabled");
            for (JsonNode edit : body.at("/context_management/edits")) {
                demand(
                        !type.isEmpty() || !edit.path("type").asText().startsWith("clear_thinking"),
                        "`clear_thinking_20251015` strategy requires `thinking` to be enabled");
            }
            if (!type.equals("enabled")) {
                return;
            }
            int budget = body.at("/thinking/budget_tokens").asInt();
            demand(
                    budget >= 1024 && budget < body.path("max_tokens").asInt(),
                    "`max_tokens` must be greater than `thinking.budget_tokens`");
            JsonNode messages = body.path("messages");
            int first = messages.size();
            while (first > 0 && results(messages.get(first - 1))) {
                first -= 2;
            }
            demand(
                    first == messages.size()
                            || messages.get(first)
                                    .at("/content/0/type")
                                    .asText()
                                    .equals("thinking"),
                    "messages."
                            + first
                            + ".content.0.type: Expected `thinking` or `redacted_thinking`, but"
                            + " found `tool_use`. When `thinking` is enabled, a final `assistant`"
                            + " message must start with a thinking block");
        }

        private static boolean results(JsonNode message) {
            return message.at("/content/0/type").asText().equals("tool_result");
        }

        @Override
        public String answer(String model, int turn) {
            ObjectNode answer =
                    JSON.createObjectNode()
                            .put("id", "msg_" + name + turn)
                            .put("type", "message")
                            .put("role", "assistant")
                            .put("model", model);
            ArrayNode content = answer.putArray("content");
            String signature = "Sig" + name + model.hashCode() + "x" + turn + "==";
            issued.put(signature + model, "thought by " + name);
            content.addObject()
                    .put("type", "thinking")
                    .put("thinking", "thought by " + name)
                    .put("signature", signature);
            if (speaks(turn)) {
                content.addObject().put("type", "text").put("text", "said-" + turn + ".");
            }
            for (String tool : called(turn)) {
                content.addObject()
                        .put("type", "tool_use")
                        .put("id", "toolu_" + name + turn + tool)
                        .put("name", tool)
                        .set("input", parsed(arguments(turn, tool)));
            }
            answer.put("stop_reason", calls(turn) ? "tool_use" : "end_turn")
                    .putNull("stop_sequence");
            answer.putObject("usage").put("input_tokens", 9).put("output_tokens", 7);
            return answer.toString();
        }

        @Override
        public int seals(ProviderRequest request) {
            return request.body().path("messages").findValues("signature").size();
        }
    }

    /** OpenAI's chat, which seals nothing. */
    record Chat(String name) implements Strict {
        private static final int LONGEST_ID = 40;

        @Override
        public Format format() {
            return Format.OPENAI_CHAT;
        }

        @Override
        public void check(ProviderRequest request) {
            Set<String> open = new HashSet<>();
            for (JsonNode message : request.body().path("messages")) {
                String role = message.path("role").asText();
                JsonNode content = message.path("content");
                if (role.equals("tool")) {
                    demand(
                            open.remove(message.path("tool_call_id").asText()),
                            "messages with role 'tool' must be a response to a preceeding message"
                                    + " with 'tool_calls'");
                    demand(content.isTextual(), "a tool's content is text");
                    continue;
                }
                demand(
                        open.isEmpty(),
                        "An assistant message with 'tool_calls' must be followed by tool messages"
                                + " responding to each 'tool_call_id': "
                                + open);
                JsonNode calls = message.path("tool_calls");
                demand(
                        !calls.isEmpty() || !content.isEmpty() || !content.asText("").isEmpty(),
                        "content must not be empty: " + message);
                for (JsonNode call : calls) {
                    String id = call.path("id").asText();
                    demand(
                            !id.isEmpty() && id.length() <= LONGEST_ID,
                            "string too long: expected a string with maximum length 40");
                    demand(open.add(id), "Duplicate value for 'tool_call_id'");
                    demand(
                            parsed(call.at("/function/arguments").asText()).isObject(),
                            "arguments are no object");
                }
            }
            demand(open.isEmpty(), "tool calls without an answer: " + open);
        }

        @Override
        public String answer(String model, int turn) {
            ObjectNode answer =
                    JSON.createObjectNode()
                            .put("id", "chatcmpl-" + name + turn)
                            .put("object", "chat.completion")
                            .put("created", 1)
                            .put("model", model);
            ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
            ObjectNode message = choice.putObject("message").put("role", "assistant");
            message.put("content", speaks(turn) ? "said-" + turn + "." : null);
            message.put("reasoning_content", "thought by " + name);
            if (calls(turn)) {
                ArrayNode calls = message.putArray("tool_calls");
                for (String tool : called(turn)) {
                    calls.addObject()
                            .put("id", "call_" + name + turn + tool)
                            .put("type", "function")
                            .putObject("function")
                            .put("name", tool)
                            .put("arguments", arguments(turn, tool));
                }
            }
            choice.put("finish_reason", calls(turn) ? "tool_calls" : "stop");
            answer.putObject("usage")
                    .put("prompt_tokens", 9)
                    .put("completion_tokens", 7)
                    .put("total_tokens", 16);
            return answer.toString();
        }

        @Override
        public int seals(ProviderRequest request) {
            return 0;
        }
    }

    /** OpenAI's Responses, nothing stored; what is encrypted holds for the provider. */
    record Responses(String name, Set<String> issued) implements Strict {
        private static final int LONGEST_ID = 64;

        Responses(String name) {
            this(name, new HashSet<>());
        }

        @Override
        public Format format() {
            return Format.OPENAI_RESPONSES;
        }

        @Override
        public void check(ProviderRequest request) {
            Set<String> open = new HashSet<>();
            Set<String> reasons = new HashSet<>();
            boolean alone = false;
            for (JsonNode item : request.body().path("input")) {
                String type = item.path("type").asText("message");
                String id = item.path("id").asText();
                demand(
                        !alone
                                || type.equals("function_call")
                                || item.path("role").asText().equals("assistant"),
                        "Item of type 'reasoning' was provided without its required following"
                                + " item");
                alone = type.equals("reasoning");
                switch (type) {
                    case "reasoning" -> {
                        demand(id.startsWith("rs_"), "Invalid 'input.id': begins with 'rs'");
                        demand(
                                issued.contains(item.path("encrypted_content").asText()),
                                "The encrypted content for item "
                                        + id
                                        + " could not be verified. Reason: Encrypted content could"
                                        + " not be decrypted or parsed.");
                        reasons.add(id.substring("rs_".length()));
                    }
                    case "function_call" -> {
                        demand(
                                id.isEmpty() || id.startsWith("fc_"),
                                "Invalid 'input.id': begins with 'fc'");
                        demand(
                                !issued.contains(id)
                                        || reasons.contains(
                                                id.substring("fc_".length())
                                                        .replaceAll("[a-z]+$", "")),
                                "Item '"
                                        + id
                                        + "' of type 'function_call' was provided without its"
                                        + " required 'reasoning' item");
                        String call = item.path("call_id").asText();
                        demand(
                                !call.isEmpty() && call.length() <= LONGEST_ID,
                                "Invalid 'input.call_id': string too long");
                        demand(open.add(call), "Duplicate call_id");
                    }
                    case "function_call_output" ->
                            demand(
                                    open.remove(item.path("call_id").asText()),
                                    "No tool call found for function call output with call_id "
                                            + item.path("call_id"));
                    case "message" -> {
                        demand(
                                id.isEmpty() || id.startsWith("msg_"),
                                "Invalid 'input.id': begins with 'msg'");
                        demand(
                                !item.path("content").isEmpty()
                                        || !item.path("content").asText("").isEmpty(),
                                "empty content");
                    }
                    default -> throw new Refused("Invalid value: " + type);
                }
            }
            demand(!alone, "Item of type 'reasoning' without its required following item");
            demand(open.isEmpty(), "No tool output found for function call " + open);
        }

        @Override
        public String answer(String model, int turn) {
            ObjectNode answer =
                    JSON.createObjectNode()
                            .put("id", "resp_" + name + turn)
                            .put("object", "response")
                            .put("created_at", 1)
                            .put("status", "completed")
                            .put("model", model);
            ArrayNode output = answer.putArray("output");
            String sealed = "gAAAA" + name + "x" + turn + "==";
            issued.add(sealed);
            output.addObject()
                    .put("id", "rs_" + name + turn)
                    .put("type", "reasoning")
                    .put("encrypted_content", sealed)
                    .putArray("summary")
                    .addObject()
                    .put("type", "summary_text")
                    .put("text", "thought by " + name);
            if (speaks(turn)) {
                ObjectNode text =
                        output.addObject()
                                .put("id", "msg_" + name + turn)
                                .put("type", "message")
                                .put("role", "assistant")
                                .put("status", "completed")
                                .putArray("content")
                                .addObject()
                                .put("type", "output_text")
                                .put("text", "said-" + turn + ".");
                text.putArray("annotations");
            }
            for (String tool : called(turn)) {
                String id = "fc_" + name + turn + tool;
                issued.add(id);
                output.addObject()
                        .put("id", id)
                        .put("type", "function_call")
                        .put("status", "completed")
                        .put("call_id", "call_" + name + turn + tool)
                        .put("name", tool)
                        .put("arguments", arguments(turn, tool));
            }
            answer.putObject("usage")
                    .put("input_tokens", 9)
                    .put("output_tokens", 7)
                    .put("total_tokens", 16);
            return answer.toString();
        }

        @Override
        public int seals(ProviderRequest request) {
            return request.body().path("input").findValues("encrypted_content").size();
        }
    }

    /**
     * Gemini; a third generation wants each step's first call signed, by itself or by the dummy.
     */
    record Gemini(String name, Set<String> issued) implements Strict {
        private static final String DUMMY = "skip_thought_signature_validator";

        Gemini(String name) {
            this(name, new HashSet<>());
        }

        @Override
        public Format format() {
            return Format.GEMINI;
        }

        @Override
        public void check(ProviderRequest request) {
            boolean third = request.model().startsWith("gemini-3");
            String before = "model";
            List<String> open = List.of();
            for (JsonNode content : request.body().path("contents")) {
                String role = content.path("role").asText();
                boolean answers = content.at("/parts/0").has("functionResponse");
                demand(
                        !role.equals(before) || role.equals("user"),
                        "Please ensure that multiturn requests alternate between user and model");
                demand(
                        !content.path("parts").isEmpty(),
                        "* GenerateContentRequest.contents.parts: contents.parts must not be"
                                + " empty");
                demand(
                        open.isEmpty() || answers,
                        "Please ensure that function call turn comes immediately before a function"
                                + " response turn");
                before = role;
                open = parts(content.path("parts"), open, third);
            }
            demand(open.isEmpty() && before.equals("user"), "ends with calls or the model's turn");
        }

        private List<String> parts(JsonNode parts, List<String> open, boolean third) {
            List<String> calls = new ArrayList<>();
            List<String> answered = new ArrayList<>();
            for (JsonNode part : parts) {
                JsonNode signature = part.path("thoughtSignature");
                boolean dummy = third && signature.asText().equals(DUMMY);
                demand(
                        signature.isMissingNode() || dummy || issued.contains(signature.asText()),
                        "Thought signature is not valid");
                if (part.has("functionCall")) {
                    demand(
                            !third || !calls.isEmpty() || !signature.isMissingNode(),
                            "Function call is missing a thought_signature in functionCall parts");
                    calls.add(part.at("/functionCall/name").asText());
                } else if (part.has("functionResponse")) {
                    answered.add(part.at("/functionResponse/name").asText());
                } else {
                    demand(
                            part.path("text").isTextual() || part.has("inlineData"),
                            "contents.parts.data: required oneof field 'data' must have one"
                                    + " initialized field");
                }
            }
            demand(
                    answered.equals(open),
                    "Please ensure that the number of function response parts is equal to the"
                            + " number of function call parts of the function call turn.");
            return calls;
        }

        @Override
        public String answer(String model, int turn) {
            ObjectNode answer =
                    JSON.createObjectNode()
                            .put("modelVersion", model)
                            .put("responseId", "r" + turn);
            ObjectNode candidate = answer.putArray("candidates").addObject();
            ArrayNode parts = candidate.putObject("content").put("role", "model").putArray("parts");
            candidate.put("finishReason", "STOP").put("index", 0);
            parts.addObject().put("text", "thought by " + name).put("thought", true);
            String signature = "U2ln" + turn + "x" + name.hashCode() + "==";
            issued.add(signature);
            if (speaks(turn)) {
                ObjectNode text = parts.addObject().put("text", "said-" + turn + ".");
                if (!calls(turn)) {
                    text.put("thoughtSignature", signature);
                }
            }
            boolean first = true;
            for (String tool : called(turn)) {
                ObjectNode call = parts.addObject();
                call.putObject("functionCall")
                        .put("id", "f" + turn + tool)
                        .put("name", tool)
                        .set("args", parsed(arguments(turn, tool)));
                if (first) {
                    call.put("thoughtSignature", signature);
                }
                first = false;
            }
            answer.putObject("usageMetadata")
                    .put("promptTokenCount", 9)
                    .put("candidatesTokenCount", 7)
                    .put("totalTokenCount", 16);
            return answer.toString();
        }

        @Override
        public int seals(ProviderRequest request) {
            return (int)
                    request.body().path("contents").findValuesAsText("thoughtSignature").stream()
                            .filter(signature -> !signature.equals(DUMMY))
                            .count();
        }
    }
}

package dev.pointsman.testing;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import java.util.ArrayList;
import java.util.List;

/** The formats' bytes, written out by hand. */
enum Template {
    ANTHROPIC {
        @Override
        String answer(String model, String text, Reaction.Tokens tokens) {
            return """
            {"id":"msg_01","type":"message","role":"assistant","model":"%s","content":[{"type":"text","text":%s}],\
            "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":%d,"cache_creation_input_tokens":%d,\
            "cache_read_input_tokens":%d,"output_tokens":%d,"service_tier":"standard"}}\
            """
                    .formatted(
                            model,
                            quoted(text),
                            tokens.input(),
                            tokens.cacheWrite(),
                            tokens.cacheRead(),
                            tokens.output());
        }

        @Override
        List<String> stream(String model, String text, Reaction.Tokens tokens) {
            List<String> events = new ArrayList<>();
            events.add(
                    event(
                            "message_start",
                            """
                            {"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"%s",\
                            "content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":%d,\
                            "cache_creation_input_tokens":%d,"cache_read_input_tokens":%d,"output_tokens":1}}}\
                            """
                                    .formatted(
                                            model,
                                            tokens.input(),
                                            tokens.cacheWrite(),
                                            tokens.cacheRead())));
            events.add(
                    event(
                            "content_block_start",
                            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}"));
            events.add(event("ping", "{\"type\": \"ping\"}"));
            for (String piece : pieces(text)) {
                events.add(
                        event(
                                "content_block_delta",
                                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":"
                                        + quoted(piece)
                                        + "}}"));
            }
            events.add(
                    event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}"));
            events.add(
                    event(
                            "message_delta",
                            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                                + "\"usage\":{\"output_tokens\":"
                                    + tokens.output()
                                    + "}}"));
            events.add(event("message_stop", "{\"type\":\"message_stop\"}"));
            return events;
        }

        @Override
        String error(int status) {
            String type =
                    switch (status) {
                        case 400 -> "invalid_request_error";
                        case 401 -> "authentication_error";
                        case 403 -> "permission_error";
                        case 404 -> "not_found_error";
                        case 413 -> "request_too_large";
                        case 429 -> "rate_limit_error";
                        case 529 -> "overloaded_error";
                        default -> "api_error";
                    };
            return "{\"type\":\"error\",\"error\":{\"type\":\""
                    + type
                    + "\",\"message\":\"scripted "
                    + status
                    + "\"}}";
        }

        @Override
        String errorEvent() {
            return event("error", error(529));
        }
    },

    CHAT {
        @Override
        String answer(String model, String text, Reaction.Tokens tokens) {
            return """
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"%s","choices":[{"index":0,"message":\
            {"role":"assistant","content":%s,"refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":%s}\
            """
                    .formatted(model, quoted(text), usage(tokens));
        }

        @Override
        List<String> stream(String model, String text, Reaction.Tokens tokens) {
            List<String> events = new ArrayList<>();
            events.add(
                    chunk(
                            model,
                            "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]",
                            "null"));
            for (String piece : pieces(text)) {
                events.add(
                        chunk(
                                model,
                                "[{\"index\":0,\"delta\":{\"content\":"
                                        + quoted(piece)
                                        + "},\"finish_reason\":null}]",
                                "null"));
            }
            events.add(
                    chunk(
                            model,
                            "[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]",
                            "null"));
            events.add(chunk(model, "[]", usage(tokens)));
            events.add("data: [DONE]\n\n");
            return events;
        }

        private String chunk(String model, String choices, String usage) {
            return "data:"
                       + " {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\""
                    + model
                    + "\",\"choices\":"
                    + choices
                    + ",\"usage\":"
                    + usage
                    + "}\n\n";
        }

        private String usage(Reaction.Tokens tokens) {
            long prompt = tokens.input() + tokens.cacheRead() + tokens.cacheWrite();
            return """
            {"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,"prompt_tokens_details":{"cached_tokens":%d,\
            "cache_write_tokens":%d},"completion_tokens_details":{"reasoning_tokens":0}}\
            """
                    .formatted(
                            prompt,
                            tokens.output(),
                            prompt + tokens.output(),
                            tokens.cacheRead(),
                            tokens.cacheWrite());
        }

        @Override
        String error(int status) {
            return openAiError(status);
        }

        @Override
        String errorEvent() {
            return "data: " + openAiError(503) + "\n\n";
        }
    },

    RESPONSES {
        @Override
        String answer(String model, String text, Reaction.Tokens tokens) {
            long input = tokens.input() + tokens.cacheRead();
            return """
            {"id":"resp_1","object":"response","created_at":1,"status":"completed","error":null,"incomplete_details":null,\
            "model":"%s","output":[{"type":"reasoning","id":"rs_1","summary":[]},{"type":"message","id":"msg_1","status":\
            "completed","role":"assistant","content":[{"type":"output_text","text":%s,"annotations":[]}]}],"usage":\
            {"input_tokens":%d,"input_tokens_details":{"cached_tokens":%d},"output_tokens":%d,"output_tokens_details":\
            {"reasoning_tokens":0},"total_tokens":%d}}\
            """
                    .formatted(
                            model,
                            quoted(text),
                            input,
                            tokens.cacheRead(),
                            tokens.output(),
                            input + tokens.output());
        }

        @Override
        List<String> stream(String model, String text, Reaction.Tokens tokens) {
            List<String> events = new ArrayList<>();
            events.add(
                    event(
                            "response.created",
                            "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\"}}"));
            for (String piece : pieces(text)) {
                events.add(
                        event(
                                "response.output_text.delta",
                                "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"content_index\":0,\"delta\":"
                                        + quoted(piece)
                                        + "}"));
            }
            events.add(
                    event(
                            "response.completed",
                            "{\"type\":\"response.completed\",\"response\":"
                                    + answer(model, text, tokens)
                                    + "}"));
            return events;
        }

        @Override
        String error(int status) {
            return openAiError(status);
        }

        @Override
        String errorEvent() {
            return event(
                    "response.failed",
                    "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"scripted\"}}}");
        }
    },

    GEMINI {
        @Override
        String answer(String model, String text, Reaction.Tokens tokens) {
            return chunk(model, text, ",\"finishReason\":\"STOP\"", tokens);
        }

        @Override
        List<String> stream(String model, String text, Reaction.Tokens tokens) {
            List<String> events = new ArrayList<>();
            List<String> pieces = pieces(text);
            for (int i = 0; i < pieces.size(); i++) {
                String finish = i == pieces.size() - 1 ? ",\"finishReason\":\"STOP\"" : "";
                events.add("data: " + chunk(model, pieces.get(i), finish, tokens) + "\r\n\r\n");
            }
            return events;
        }

        private String chunk(String model, String text, String finish, Reaction.Tokens tokens) {
            long prompt = tokens.input() + tokens.cacheRead();
            return """
            {"candidates":[{"content":{"parts":[{"text":%s}],"role":"model"}%s,"index":0}],"usageMetadata":{\
            "promptTokenCount":%d,"candidatesTokenCount":%d,"cachedContentTokenCount":%d,"totalTokenCount":%d},\
            "modelVersion":"%s"}\
            """
                    .formatted(
                            quoted(text),
                            finish,
                            prompt,
                            tokens.output(),
                            tokens.cacheRead(),
                            prompt + tokens.output(),
                            model);
        }

        @Override
        String error(int status) {
            String name =
                    switch (status) {
                        case 400 -> "INVALID_ARGUMENT";
                        case 403 -> "PERMISSION_DENIED";
                        case 404 -> "NOT_FOUND";
                        case 429 -> "RESOURCE_EXHAUSTED";
                        case 503 -> "UNAVAILABLE";
                        default -> "INTERNAL";
                    };
            return "{\"error\":{\"code\":"
                    + status
                    + ",\"message\":\"scripted "
                    + status
                    + "\",\"status\":\""
                    + name
                    + "\"}}";
        }

        @Override
        String errorEvent() {
            return "data: " + error(503) + "\r\n\r\n";
        }
    };

    private static final int PIECE = 7;

    /** A complete answer. */
    abstract String answer(String model, String text, Reaction.Tokens tokens);

    /** A complete stream, event by event. */
    abstract List<String> stream(String model, String text, Reaction.Tokens tokens);

    /** The body of an error. */
    abstract String error(int status);

    /** An error within a stream. */
    abstract String errorEvent();

    static Template of(String path) {
        if (path.contains("/messages")) {
            return ANTHROPIC;
        }
        if (path.contains("/chat/completions")) {
            return CHAT;
        }
        return path.contains("/responses") ? RESPONSES : GEMINI;
    }

    private static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    private static String openAiError(int status) {
        String type =
                status == 401
                        ? "invalid_api_key"
                        : status == 429 ? "rate_limit_exceeded" : "server_error";
        return "{\"error\":{\"message\":\"scripted "
                + status
                + "\",\"type\":\""
                + type
                + "\",\"param\":null,\"code\":null}}";
    }

    private static String quoted(String text) {
        return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
    }

    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < text.length(); from += PIECE) {
            pieces.add(text.substring(from, Math.min(text.length(), from + PIECE)));
        }
        return pieces;
    }
}

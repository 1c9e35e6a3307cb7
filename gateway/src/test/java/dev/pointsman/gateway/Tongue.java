package dev.pointsman.gateway;

import java.util.List;

/**
 * How a caller asks for a stream from one of two models of its own format, {@code one} and {@code
 * two}, and what such a stream looks like.
 */
enum Tongue {
    CHAT(
            "/v1/chat/completions",
            "{\"model\":\"auto/%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
            "work",
            "data:"
                + " {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n",
            List.of(
                    "data:"
                        + " {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"\"}}]}}]}\n\n",
                    "data:"
                        + " {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"ci\"}}]}}]}\n\n"),
            "data: [DONE]\n\n",
            "data: {\"error\":{\"message\":\"scripted\",\"type\":\"server_error\"}}\n\n"),
    RESPONSES(
            "/v1/responses",
            "{\"model\":\"auto/%s\",\"stream\":true,\"input\":\"hi\"}",
            "work",
            "event: response.created\n"
                + "data:"
                + " {\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"status\":\"in_progress\",\"output\":[]}}\n\n",
            List.of(
                    "event: response.output_item.added\n"
                        + "data:"
                        + " {\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"weather\",\"arguments\":\"\"}}\n\n",
                    "event: response.function_call_arguments.delta\n"
                        + "data:"
                        + " {\"type\":\"response.function_call_arguments.delta\",\"output_index\":0,\"delta\":\"{\\\"ci\"}\n\n"),
            "event: response.completed\n"
                + "data:"
                + " {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"status\":\"completed\",\"output\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":0}}}\n\n",
            "event: response.failed\n"
                + "data:"
                + " {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"scripted\"}}}\n\n"),
    ANTHROPIC(
            "/v1/messages",
            "{\"model\":\"auto/%s\",\"stream\":true,\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
            "claude",
            "event: message_start\n"
                + "data:"
                + " {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"one\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\n",
            List.of(
                    "event: content_block_start\n"
                        + "data:"
                        + " {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"c1\",\"name\":\"weather\",\"input\":{}}}\n\n",
                    "event: content_block_delta\n"
                        + "data:"
                        + " {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"ci\"}}\n\n"),
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
            "event: error\n"
                + "data:"
                + " {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"scripted\"}}\n\n"),
    GEMINI(
            "/v1beta/models/auto%%2F%s:streamGenerateContent?alt=sse",
            "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}",
            "gemini",
            "data: {\"responseId\":\"r\",\"modelVersion\":\"one\"}\r\n\r\n",
            List.of(
                    "data:"
                        + " {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Hello\"}]},\"index\":0}]}\r\n\r\n",
                    "data:"
                        + " {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"weather\",\"args\":{}}}]},\"index\":0}]}\r\n\r\n"),
            "data: {\"responseId\":\"r\"}\r\n\r\n",
            "data:"
                + " {\"error\":{\"code\":500,\"message\":\"scripted\",\"status\":\"INTERNAL\"}}\r\n\r\n");

    private final String path;
    private final String body;
    private final String category;
    final String preamble;
    final List<String> content;

    /** The stream's own end mark without a reason to stop. */
    final String mark;

    final String error;

    Tongue(
            String path,
            String body,
            String category,
            String preamble,
            List<String> content,
            String mark,
            String error) {
        this.path = path;
        this.body = body;
        this.category = category;
        this.preamble = preamble;
        this.content = content;
        this.mark = mark;
        this.error = error;
    }

    String path() {
        return path.formatted(category);
    }

    String body() {
        return body.formatted(category);
    }

    /** Asks models of that tongue's format. */
    Raw.Ended ask(Rig rig, Tongue provider) throws java.io.IOException {
        return Raw.heard(
                rig.port(), path.formatted(provider.category), body.formatted(provider.category));
    }

    Raw.Ended ask(Rig rig) throws java.io.IOException {
        return ask(rig, this);
    }

    /** Whether the last thing that was said is an error of the format. */
    boolean endsInError(String said) {
        String last = said.strip().substring(said.strip().lastIndexOf("\ndata: ") + 1);
        return last.startsWith("data: ")
                && (last.contains("\"error\":{")
                        || this == RESPONSES && last.contains("\"type\":\"error\""));
    }

    /** Whether something was said that clients take for an end. */
    boolean endsWell(String said) {
        return said.contains("[DONE]")
                || said.contains("message_stop")
                || said.contains("response.completed")
                || said.contains("response.incomplete")
                || said.contains("\"finishReason\"")
                || said.contains("\"stop_reason\":\"")
                || said.contains("\"finish_reason\":\"");
    }
}

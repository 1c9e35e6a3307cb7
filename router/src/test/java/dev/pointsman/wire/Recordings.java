package dev.pointsman.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Streams as providers send them, in every spelling that the standard of events allows. */
public final class Recordings {

    /** What every recording says, a rocket in UTF-8 and one that is cut between two events. */
    public static final String TEXT = "Grüße 🚀, 漢 🚀!";

    private static final String ANTHROPIC =
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"c","content":[],"stop_reason":null,"usage":{"input_tokens":9,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm \\ud83e"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"\\udd14"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Grüße 🚀, 漢 \\ud83d"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"\\ude80!"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":1}

            event: content_block_start
            data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"go","input":{}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\":\\"ü"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"🚀\\"}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":2}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":7}}

            event: message_stop
            data: {"type":"message_stop"}

            """;

    private static final String CHAT =
            """
            data: {"id":"x","object":"chat.completion.chunk","model":"g","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

            data: {"id":"x","model":"g","choices":[{"index":0,"delta":{"reasoning_content":"hm \\ud83e"},"finish_reason":null}],"usage":null}

            data: {"id":"x","model":"g","choices":[{"index":0,"delta":{"reasoning_content":"\\udd14"},"finish_reason":null}],"usage":null}

            data: {"id":"x","model":"g","choices":[{"index":0,"delta":{"content":"Grüße 🚀, 漢 \\ud83d"},"finish_reason":null}],"usage":null}

            data: {"id":"x","model":"g","choices":[{"index":0,"delta":{"content":"\\ude80!"},"finish_reason":null}],"usage":null}

            data: {"id":"x","model":"g","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"go","arguments":""}}]},"finish_reason":null}],"usage":null}

            data: {"id":"x","model":"g","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"a\\":\\"ü🚀\\"}"}}]},"finish_reason":null}],"usage":null}

            data: {"id":"x","model":"g","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":null}

            data: {"id":"x","model":"g","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":7,"total_tokens":16}}

            data: [DONE]

            """;

    private static final String RESPONSES =
            """
            event: response.created
            data: {"type":"response.created","sequence_number":0,"response":{"id":"r","object":"response","model":"g","status":"in_progress","output":[]}}

            event: response.output_item.added
            data: {"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}

            event: response.reasoning_summary_text.delta
            data: {"type":"response.reasoning_summary_text.delta","sequence_number":2,"item_id":"rs_1","output_index":0,"summary_index":0,"delta":"hm 🤔"}

            event: response.output_item.done
            data: {"type":"response.output_item.done","sequence_number":3,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"hm 🤔"}],"encrypted_content":"ZW5j"}}

            event: response.output_item.added
            data: {"type":"response.output_item.added","sequence_number":4,"output_index":1,"item":{"id":"msg_1","type":"message","role":"assistant","status":"in_progress","content":[]}}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","sequence_number":5,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"Grüße 🚀, 漢 \\ud83d"}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","sequence_number":6,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"\\ude80!"}

            event: response.output_item.added
            data: {"type":"response.output_item.added","sequence_number":7,"output_index":2,"item":{"id":"fc_1","type":"function_call","call_id":"call_1","name":"go","arguments":""}}

            event: response.function_call_arguments.delta
            data: {"type":"response.function_call_arguments.delta","sequence_number":8,"item_id":"fc_1","output_index":2,"delta":"{\\"a\\":\\"ü🚀\\"}"}

            event: response.completed
            data: {"type":"response.completed","sequence_number":9,"response":{"id":"r","object":"response","model":"g","status":"completed","output":[],"usage":{"input_tokens":9,"output_tokens":7,"total_tokens":16}}}

            """;

    private static final String GEMINI =
            """
            data: {"candidates":[{"content":{"parts":[{"text":"hm 🤔","thought":true}],"role":"model"},"index":0}],"modelVersion":"g","responseId":"r"}

            data: {"candidates":[{"content":{"parts":[{"text":"Grüße 🚀, 漢 \\ud83d"}],"role":"model"},"index":0}],"modelVersion":"g","responseId":"r"}

            data: {"candidates":[{"content":{"parts":[{"text":"\\ude80!"}],"role":"model"},"index":0}],"modelVersion":"g","responseId":"r"}

            data: {"candidates":[{"content":{"parts":[{"functionCall":{"name":"go","args":{"a":"ü🚀"},"id":"f1"},"thoughtSignature":"c2ln"}],"role":"model"},"index":0}],"modelVersion":"g","responseId":"r"}

            data: {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":7,"totalTokenCount":16},"modelVersion":"g","responseId":"r"}

            """;

    private Recordings() {}

    /** Reasoning, text, a call, usage and the end. */
    public static String of(Format format) {
        return switch (format) {
            case ANTHROPIC_MESSAGES -> ANTHROPIC;
            case OPENAI_CHAT -> CHAT;
            case OPENAI_RESPONSES -> RESPONSES;
            case GEMINI -> GEMINI;
        };
    }

    /** The same events in other spellings; the first is the plain one. */
    public static Map<String, byte[]> spellings(String plain) {
        Map<String, UnaryOperator<String>> ways = new LinkedHashMap<>();
        ways.put("plain", text -> text);
        ways.put("comments", Recordings::commented);
        ways.put("several data lines", Recordings::inLines);
        ways.put("no space", text -> text.replace("data: ", "data:").replace("event: ", "event:"));
        ways.put("more fields", Recordings::withFields);
        ways.put("mark", text -> "\uFEFF" + text);
        ways.put(
                "all at once",
                text ->
                        "\uFEFF"
                                + commented(withFields(inLines(text)))
                                        .replace("data: {", "data:{"));
        Map<String, byte[]> spelled = new LinkedHashMap<>();
        ways.forEach((name, way) -> {
            for (String end : List.of("\n", "\r\n", "\r")) {
                String shown = end.replace("\r", "CR").replace("\n", "LF");
                spelled.put(
                        name + ", " + shown,
                        way.apply(plain).replace("\n", end).getBytes(StandardCharsets.UTF_8));
            }
        });
        return spelled;
    }

    private static String commented(String text) {
        return ": begins\n\n"
                + text.replace(
                        "\n\n",
                        "\n"
                                + ": within an event\n\n"
                                + ":\n\n"
                                + ": a keep-alive of more than forty bytes in all\n\n");
    }

    private static String withFields(String text) {
        String unknown =
                "event: of_the_future\ndata: {\"type\":\"of_the_future\",\"object\":\"new\"}\n\n";
        String fields = "id: 7\nretry: 10\nunknown: x\nalone\n";
        StringBuilder all = new StringBuilder();
        for (String event : text.split("(?<=\n\n)")) {
            all.append(unknown).append(fields).append(event);
        }
        return all.toString();
    }

    /** A line break after each comma and colon of the JSON, which means nothing there. */
    private static String inLines(String text) {
        StringBuilder all = new StringBuilder();
        boolean json = false;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            all.append(c);
            if (c == '\\' && quoted) {
                all.append(text.charAt(++i));
            } else if (c == '"') {
                quoted = json && !quoted;
            } else if (c == '{') {
                json = true;
            } else if (c == '\n') {
                json = false;
            } else if (json && !quoted && (c == ',' || c == ':')) {
                all.append("\ndata: ");
            }
        }
        return all.toString();
    }

    /** In two pieces. */
    public static List<byte[]> cut(byte[] bytes, int at) {
        return List.of(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at, bytes.length));
    }

    /** In pieces of 1 to so many bytes. */
    public static List<byte[]> pieces(byte[] bytes, Random random, int most) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + 1 + random.nextInt(most));
            pieces.add(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        return pieces;
    }
}

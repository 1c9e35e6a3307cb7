package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Part;
import dev.pointsman.core.Seal;
import dev.pointsman.core.ToolName;
import dev.pointsman.core.Usage;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/** Answers in Anthropic's format: what is read of them, whole or streamed, and what is written. */
class AnthropicAnswerTest {

    private static final Frame FRAME = new Frame("f1", "model", 1_700_000_000, 100, true);
    private static final Seal OWN =
            new Seal(
                    Format.ANTHROPIC_MESSAGES.label(),
                    "{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\"c2ln\"}");
    private static final Seal REDACTED =
            new Seal(
                    Format.ANTHROPIC_MESSAGES.label(),
                    "{\"type\":\"redacted_thinking\",\"data\":\"ZGF0YQ\"}");
    private static final Seal FOREIGN = new Seal("gemini", "abc");

    // answers read

    @Test
    void answer_wholeOrStreamed_isTheSameEvents() throws Exception {
        String whole =
                """
                {"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[
                  {"type":"thinking","thinking":"Hm","signature":"c2ln"},
                  {"type":"redacted_thinking","data":"ZGF0YQ"},
                  {"type":"text","text":"Hello"},
                  {"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"x"}},
                  {"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]},
                  {"type":"text","text":" there","citations":[
                    {"type":"web_search_result_location","url":"https://e.org","title":"E","cited_text":"q","encrypted_index":"i"},
                    {"type":"char_location","document_index":0}]},
                  {"type":"tool_use","id":"toolu_1","name":"look","input":{"at":[1]}},
                  {"type":"tool_use","id":"toolu_2","name":"stop","input":{}}],
                 "stop_reason":"tool_use","stop_sequence":null,
                 "usage":{"input_tokens":1,"output_tokens":2,"cache_read_input_tokens":3,
                   "cache_creation_input_tokens":4,"output_tokens_details":{"thinking_tokens":1}}}
                """;
        List<AnswerEvent> events = new ArrayList<>();
        codec().read(whole.getBytes(StandardCharsets.UTF_8), events::add);
        assertThat(events)
                .containsExactly(
                        new AnswerEvent.Begun("claude-x"),
                        new AnswerEvent.Tokens(new Usage(1, 2, 3, 4, 1, false)),
                        new AnswerEvent.Reasoning("Hm"),
                        new AnswerEvent.Sealed(OWN),
                        new AnswerEvent.Sealed(REDACTED),
                        new AnswerEvent.Text("Hello"),
                        new AnswerEvent.Other("server_tool_use"),
                        new AnswerEvent.Other("web_search_tool_result"),
                        new AnswerEvent.Text(" there"),
                        new AnswerEvent.Cited(
                                new Citation(
                                        "https://e.org",
                                        Optional.of("E"),
                                        Optional.of("q"),
                                        OptionalInt.of(5),
                                        OptionalInt.of(11))),
                        called(6, "toolu_1", "look"),
                        new AnswerEvent.ToolArguments(6, "{\"at\":[1]}"),
                        called(7, "toolu_2", "stop"),
                        new AnswerEvent.ToolArguments(7, "{}"),
                        new AnswerEvent.Stopped(Stop.TOOL_CALLS),
                        new AnswerEvent.End());

        assertThat(
                        streamed(
                                """
                                {"type":"message_start","message":{"model":"claude-x","content":[],"usage":{"input_tokens":1,"output_tokens":2,"cache_read_input_tokens":3,"cache_creation_input_tokens":4,"output_tokens_details":{"thinking_tokens":1}}}}
                                {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
                                {"type":"ping"}
                                {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}
                                {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2"}}
                                {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"ln"}}
                                {"type":"content_block_stop","index":0}
                                {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"ZGF0YQ"}}
                                {"type":"content_block_stop","index":1}
                                {"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}
                                {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"Hello"}}
                                {"type":"content_block_stop","index":2}
                                {"type":"content_block_start","index":3,"content_block":{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{}}}
                                {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{}"}}
                                {"type":"content_block_stop","index":3}
                                {"type":"content_block_start","index":4,"content_block":{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]}}
                                {"type":"content_block_stop","index":4}
                                {"type":"content_block_start","index":5,"content_block":{"type":"text","text":"","citations":[]}}
                                {"type":"content_block_delta","index":5,"delta":{"type":"citations_delta","citation":{"type":"web_search_result_location","url":"https://e.org","title":"E","cited_text":"q","encrypted_index":"i"}}}
                                {"type":"content_block_delta","index":5,"delta":{"type":"text_delta","text":" there"}}
                                {"type":"content_block_stop","index":5}
                                {"type":"content_block_start","index":6,"content_block":{"type":"tool_use","id":"toolu_1","name":"look","input":{}}}
                                {"type":"content_block_delta","index":6,"delta":{"type":"input_json_delta","partial_json":""}}
                                {"type":"content_block_delta","index":6,"delta":{"type":"input_json_delta","partial_json":"{\\"at\\":[1]}"}}
                                {"type":"content_block_stop","index":6}
                                {"type":"content_block_start","index":7,"content_block":{"type":"tool_use","id":"toolu_2","name":"stop","input":{}}}
                                {"type":"content_block_stop","index":7}
                                {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null}}
                                {"type":"message_stop"}
                                """))
                .isEqualTo(events);
    }

    @Test
    void refusal_withoutText_tellsItsExplanation() throws Exception {
        assertThat(
                        streamed(
                                """
                                {"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":{"type":"refusal","category":"cyber","explanation":"Not that."}}}
                                """))
                .containsExactly(
                        new AnswerEvent.Refusal("Not that."),
                        new AnswerEvent.Stopped(Stop.REFUSAL));
    }

    @Test
    void thinking_withoutSignature_isNotSealed() throws Exception {
        assertThat(
                        streamed(
                                """
                                {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"Hm"}}
                                {"type":"content_block_stop","index":0}
                                """))
                .containsExactly(new AnswerEvent.Reasoning("Hm"));
    }

    @Test
    void oddJson_isReadOrRefused_neverMore() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> odd =
                List.of("null", "5", "\"x\"", "[]", "{}", "[null]", "[{}]", "{\"type\":5}");
        List<String> events =
                List.of(
                        "{\"type\":\"message_start\",\"message\":%s}",
                        "{\"type\":\"message_start\",\"message\":{\"model\":%s,\"usage\":%s}}",
                        "{\"type\":\"content_block_start\",\"index\":%s,\"content_block\":%s}",
                        "{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"tool_use\",\"input\":%s,\"id\":%s}}",
                        "{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"text\",\"text\":%s,\"citations\":%s}}",
                        "{\"type\":\"content_block_delta\",\"delta\":%s}",
                        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"citations_delta\",\"citation\":%s}}",
                        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":%s}}",
                        "{\"type\":\"content_block_stop\",\"index\":%s}",
                        "{\"type\":\"message_delta\",\"delta\":%s,\"usage\":%s}",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\",\"stop_details\":%s}}",
                        "{\"type\":\"error\",\"error\":%s}",
                        "{\"type\":%s}");
        for (int i = 0; i < 3_000; i++) {
            StreamReader reader = codec().stream();
            for (int j = 0; j < 6; j++) {
                String event =
                        events.get(random.nextInt(events.size()))
                                .formatted(
                                        odd.get(random.nextInt(odd.size())),
                                        odd.get(random.nextInt(odd.size())));
                try {
                    reader.read(new ServerSentEvent("", event), read -> {});
                } catch (ProtocolException e) {
                    break;
                } catch (RuntimeException e) {
                    throw new AssertionError("seed " + seed + ": " + event, e);
                }
            }
        }
    }

    // answers written

    @Test
    void answer_written_hasAllThatAClientNeeds() throws Exception {
        FullAnswer answer =
                new FullAnswer(
                        "gpt-x",
                        List.of(
                                new Part.Reasoning("Hm", Optional.of(FOREIGN)),
                                new Part.Reasoning("", Optional.of(REDACTED)),
                                new Part.Reasoning("Hm", Optional.of(OWN)),
                                new Part.Text("Hello"),
                                new Part.Text(" there"),
                                new Part.ToolCall(
                                        "functions.look:0",
                                        ToolName.of("look"),
                                        "{\"at\":1}",
                                        Optional.empty()),
                                new Part.ToolCall(
                                        "c2", ToolName.of("look"), "oops", Optional.of(FOREIGN))),
                        List.of(
                                new Citation(
                                        "https://e.org",
                                        Optional.empty(),
                                        Optional.of("q"),
                                        OptionalInt.of(5),
                                        OptionalInt.of(11))),
                        List.of(),
                        Stop.TOOL_CALLS,
                        new Usage(1, 2, 3, 4, 1, false));
        JsonNode json = Json.read(Format.ANTHROPIC_MESSAGES.answerWriter().whole(answer, FRAME));
        assertThat(json)
                .isEqualTo(
                        Json.read(
                                """
                                {"id":"msg_f1","type":"message","role":"assistant","model":"gpt-x","content":[
                                 {"type":"thinking","thinking":"Hm","signature":"%s"},
                                 {"type":"redacted_thinking","data":"ZGF0YQ"},
                                 {"type":"thinking","thinking":"Hm","signature":"c2ln"},
                                 {"type":"text","text":"Hello"},
                                 {"type":"text","text":" there","citations":[{"type":"web_search_result_location",
                                   "cited_text":"q","encrypted_index":"","url":"https://e.org","title":null}]},
                                 {"type":"tool_use","id":"toolu_%s","name":"look","input":{"at":1},"caller":{"type":"direct"}},
                                 {"type":"tool_use","id":"%s","name":"look","input":{"input":"oops"},"caller":{"type":"direct"}}],
                                 "stop_reason":"tool_use","stop_sequence":null,
                                 "usage":{"input_tokens":1,"cache_creation_input_tokens":4,"cache_read_input_tokens":3,
                                   "output_tokens":2,"output_tokens_details":{"thinking_tokens":1}}}
                                """
                                        .formatted(
                                                Seals.wrapped(FOREIGN),
                                                ToolNames.mark("functions.look:0"),
                                                Seals.id("c2", Optional.of(FOREIGN)))));
    }

    @Test
    void stream_written_readsBackTheSame() throws Exception {
        Pieces out = new Pieces();
        Blocks blocks =
                new Blocks(
                        Format.ANTHROPIC_MESSAGES.answerWriter().stream(FRAME, out),
                        "model",
                        name -> name);
        List<AnswerEvent> said =
                List.of(
                        new AnswerEvent.Begun("claude-x"),
                        new AnswerEvent.Reasoning("H"),
                        new AnswerEvent.Reasoning("m"),
                        new AnswerEvent.Sealed(OWN),
                        new AnswerEvent.Sealed(REDACTED),
                        new AnswerEvent.Text("Hello"),
                        new AnswerEvent.Cited(
                                new Citation(
                                        "https://e.org",
                                        Optional.of("E"),
                                        Optional.of("q"),
                                        OptionalInt.of(0),
                                        OptionalInt.of(5))),
                        called(3, "toolu_1", "look"),
                        new AnswerEvent.ToolArguments(3, "{\"a\""),
                        new AnswerEvent.ToolArguments(3, ":1}"),
                        called(4, "toolu_2", "stop"),
                        new AnswerEvent.ToolArguments(4, "{}"),
                        new AnswerEvent.Tokens(new Usage(1, 2, 3, 4, 1, false)),
                        new AnswerEvent.Stopped(Stop.TOOL_CALLS),
                        new AnswerEvent.End());
        said.forEach(blocks);
        List<AnswerEvent> read = new ArrayList<>(events(out.take()));
        read.removeIf(event ->
                event instanceof AnswerEvent.Tokens tokens && tokens.usage().output() == 1);
        assertThat(read).isEqualTo(said);
    }

    @Test
    void stream_ofAForeignSeal_carriesItInTheSignature() throws Exception {
        Pieces out = new Pieces();
        BlockSink sink = Format.ANTHROPIC_MESSAGES.answerWriter().stream(FRAME, out);
        sink.begin("m", Usage.NONE);
        sink.open(new Block.Reasoning());
        sink.close(Optional.of(FOREIGN));
        sink.end(Stop.END, Usage.NONE.asEstimate());
        List<JsonNode> events = jsons(out.take());
        assertThat(events)
                .extracting(event -> event.path("type").asText())
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(events.get(0).at("/message/usage/input_tokens").asInt()).isEqualTo(100);
        assertThat(events.get(1).path("content_block"))
                .isEqualTo(
                        Json.read("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"));
        assertThat(events.get(2).at("/delta/signature").asText()).isEqualTo(Seals.wrapped(FOREIGN));
        assertThat(events.get(4).at("/usage/input_tokens").asInt()).isEqualTo(100);
    }

    private static AnswerEvent.ToolCall called(int slot, String id, String name) {
        return new AnswerEvent.ToolCall(slot, id, ToolName.of(name), Optional.empty());
    }

    private static Codec codec() {
        return Format.ANTHROPIC_MESSAGES.codec();
    }

    private static List<AnswerEvent> streamed(String lines) throws ProtocolException {
        StreamReader reader = codec().stream();
        List<AnswerEvent> events = new ArrayList<>();
        for (String line : lines.lines().toList()) {
            reader.read(new ServerSentEvent("", line), events::add);
        }
        return events;
    }

    private static List<AnswerEvent> events(byte[] bytes) throws ProtocolException {
        StringBuilder lines = new StringBuilder();
        for (JsonNode json : jsons(bytes)) {
            lines.append(json).append('\n');
        }
        return streamed(lines.toString());
    }

    private static List<JsonNode> jsons(byte[] bytes) throws ProtocolException {
        List<JsonNode> read = new ArrayList<>();
        List<ServerSentEvent> events = new ArrayList<>();
        new SseDecoder().feed(bytes, events::add);
        for (ServerSentEvent event : events) {
            ObjectNode json = (ObjectNode) Json.readEvent(event.data());
            assertThat(event.name()).isEqualTo(json.path("type").asText());
            read.add(json);
        }
        return read;
    }
}

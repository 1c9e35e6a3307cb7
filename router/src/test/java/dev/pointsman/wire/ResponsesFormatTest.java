package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.catalog.Catalog;
import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Conversation;
import dev.pointsman.core.Image;
import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Model;
import dev.pointsman.core.Output;
import dev.pointsman.core.Part;
import dev.pointsman.core.Sampling;
import dev.pointsman.core.Seal;
import dev.pointsman.core.Thinking;
import dev.pointsman.core.Thinking.Effort;
import dev.pointsman.core.TokenLikelihood;
import dev.pointsman.core.Tool;
import dev.pointsman.core.ToolChoice;
import dev.pointsman.core.ToolName;
import dev.pointsman.core.Usage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/** OpenAI Responses: what is read, what is written, and what of it comes back. */
class ResponsesFormatTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Format RESPONSES = Format.OPENAI_RESPONSES;
    private static final Frame FRAME = new Frame("f", "model", 1_700_000_000, 100, true);
    private static final ToolName WEATHER = ToolName.of("weather");
    private static final ToolName PATCH = new ToolName("apply_patch", Optional.empty(), true);
    private static final ToolName ISSUES = new ToolName("issues", Optional.of("tracker"), false);
    private static final Seal OWN =
            new Seal(
                    "openai-responses",
                    "{\"id\":\"rs_1\",\"type\":\"reasoning\",\"summary\":"
                            + "[{\"type\":\"summary_text\",\"text\":\"hm\"}],"
                            + "\"encrypted_content\":\"gAAAA\"}");

    @Test
    void conversation_writtenAndRead_isTheSame() throws Exception {
        Conversation conversation =
                new Conversation(
                        List.of(
                                new Message(Role.SYSTEM, List.of(new Part.Text("Be brief."))),
                                new Message(
                                        Role.USER,
                                        List.of(
                                                new Part.Text("What is this?"),
                                                new Part.Picture(
                                                        new Image.Data("image/png", "AAAA")),
                                                new Part.File(
                                                        "application/pdf",
                                                        new Part.File.Data("JVBERi0="),
                                                        Optional.of("a.pdf")))),
                                new Message(
                                        Role.ASSISTANT,
                                        List.of(
                                                new Part.Reasoning("hm", Optional.of(OWN)),
                                                new Part.Text("I look it up."),
                                                call("call_1", WEATHER, "{\"place\":\"Ulm\"}"),
                                                call(
                                                        "call_2",
                                                        PATCH,
                                                        "{\"input\":\"a \\\"b\\\"\\n\"}"),
                                                call("call_3", ISSUES, "{}"))),
                                new Message(
                                        Role.USER,
                                        List.of(
                                                result("call_1", new Part.Text("sunny")),
                                                result("call_2"),
                                                result(
                                                        "call_3",
                                                        new Part.Text("see"),
                                                        new Part.Picture(
                                                                new Image.Url(
                                                                        "https://example.org/a.png"))))),
                                new Message(Role.DEVELOPER, List.of(new Part.Text("In verse."))),
                                Message.user("Go on"),
                                new Message(Role.ASSISTANT, List.of(new Part.Refusal("No.")))),
                        List.of(
                                tool(WEATHER, Optional.of(true)),
                                new Tool(
                                        PATCH,
                                        Optional.of("patches"),
                                        ResponsesToolsReader.FREEFORM,
                                        Optional.empty()),
                                tool(ISSUES, Optional.of(false))),
                        new ToolChoice.Named(PATCH),
                        new Output.Schema(
                                Optional.of("shape"),
                                Optional.of("a shape"),
                                "{\"type\":\"object\"}",
                                Optional.of(true)),
                        new Thinking(
                                Optional.of(Effort.HIGH),
                                OptionalInt.empty(),
                                false,
                                Optional.of(true)),
                        new Sampling.Draft()
                                .maxTokens(500)
                                .parallelTools(false)
                                .user("someone")
                                .build());

        WireRequest request =
                RESPONSES.requestWriter().write(conversation, model("openai/gpt-5.5"), false);

        assertThat(RESPONSES.requestWriter().obstacle(conversation, model("openai/gpt-5.5")))
                .isEmpty();
        assertThat(request.dropped()).isEmpty();
        Set<String> left = new HashSet<>();
        assertThat(
                        RESPONSES
                                .requestReader()
                                .read(MAPPER.readTree(request.body().bytes()), left::add))
                .isEqualTo(conversation);
        assertThat(left).containsExactly("tools(namespace).description");
    }

    @Test
    void seal_ofOurs_goesBackByteForByte() throws Exception {
        JsonNode item =
                written(
                                answered(
                                        new Part.Reasoning("hm", Optional.of(OWN)),
                                        new Part.Text("yes")),
                                "openai/gpt-5.5")
                        .at("/input/1");
        assertThat(item.toString()).isEqualTo(OWN.value());
    }

    @Test
    void reasoning_thatCannotGoBack_isLeftOutAndNamed() throws Exception {
        Seal foreign = new Seal("anthropic-messages", "{}");
        Seal garbled = new Seal("openai-responses", "{\"type\":\"message\"}");
        assertThat(dropped(answered(reasoning(foreign), new Part.Text("yes"))))
                .containsExactly("reasoning of another provider");
        assertThat(dropped(answered(reasoning(garbled), new Part.Text("yes"))))
                .containsExactly("reasoning of another provider");
        assertThat(dropped(answered(reasoning(OWN))))
                .containsExactly("reasoning without an answer");
        assertThat(written(answered(reasoning(foreign)), "openai/gpt-5.5").path("input"))
                .hasSize(1);
    }

    @Test
    void seals_ofOtherProviders_areFoundWhereTheyTravelled() throws Exception {
        Seal claude = new Seal("anthropic-messages", "{\"type\":\"thinking\"}");
        Seal gemini = new Seal("gemini", "c2ln");
        ObjectNode body = request();
        body.withArray("input")
                .addObject()
                .put("type", "reasoning")
                .put("id", "rs_1")
                .put("encrypted_content", Seals.wrapped(claude))
                .withArray("summary")
                .addObject()
                .put("type", "summary_text")
                .put("text", "hm");
        String id = Seals.id("call_1", Optional.of(gemini));
        body.withArray("input")
                .addObject()
                .put("type", "function_call")
                .put("call_id", id)
                .put("name", "weather")
                .put("arguments", "{}");
        body.withArray("input")
                .addObject()
                .put("type", "function_call_output")
                .put("call_id", id)
                .put("output", "sunny");

        List<Message> messages = read(body).messages();

        assertThat(messages)
                .containsExactly(
                        Message.user("hi"),
                        new Message(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.Reasoning("hm", Optional.of(claude)),
                                        new Part.ToolCall(
                                                "call_1", WEATHER, "{}", Optional.of(gemini)))),
                        new Message(Role.USER, List.of(result("call_1", new Part.Text("sunny")))));
    }

    @Test
    void allowedTools_narrowTheTools() throws Exception {
        ObjectNode body = request();
        body.set(
                "tools",
                MAPPER.readTree(
                        "[{\"type\":\"function\",\"name\":\"a\"},{\"type\":\"function\",\"name\":\"b\"}]"));
        body.set(
                "tool_choice",
                MAPPER.readTree(
                        "{\"type\":\"allowed_tools\",\"mode\":\"required\",\"tools\":"
                                + "[{\"type\":\"function\",\"name\":\"b\"}]}"));
        Conversation conversation = read(body);
        assertThat(conversation.tools())
                .extracting(tool -> tool.name().name())
                .containsExactly("b");
        assertThat(conversation.toolChoice()).isEqualTo(new ToolChoice.Required());
    }

    @Test
    void choice_ofHostedToolsAlone_isLeft() throws Exception {
        for (String choice :
                List.of(
                        "\"required\"",
                        "{\"type\":\"web_search_preview\"}",
                        "{\"type\":\"allowed_tools\",\"mode\":\"required\",\"tools\":"
                                + "[{\"type\":\"web_search\"}]}")) {
            ObjectNode body = request();
            body.set("tools", MAPPER.readTree("[{\"type\":\"web_search\"}]"));
            body.set("tool_choice", MAPPER.readTree(choice));
            assertThat(left(body)).as(choice).contains("tool_choice(hosted)");
        }
    }

    @Test
    void settings_changedLater_hold() throws Exception {
        ObjectNode body = request();
        body.putObject("reasoning").put("effort", "high");
        body.withArray("input")
                .addObject()
                .put("type", "configuration_update")
                .putObject("reasoning")
                .put("effort", "low");
        assertThat(read(body).thinking().effort()).contains(Effort.LOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'input':3}",
                "{'input':[3]}",
                "{'input':[{}]}",
                "{'input':[{'role':'tool','content':'x'}]}",
                "{'input':[{'role':'user','content':3}]}",
                "{'input':[{'role':'user','content':[{'type':'input_image'}]}]}",
                "{'input':[{'role':'user','content':[{'type':'input_image','image_url':'ftp:a'}]}]}",
                "{'input':[{'role':'user','content':[{'type':'input_file','file_data':'data:x'}]}]}",
                "{'input':[{'type':'function_call','name':'f'}]}",
                "{'input':[{'type':'function_call','call_id':'c','name':'f','arguments':{'a':1}}]}",
                "{'input':'x','instructions':3}",
                "{'input':'x','tools':3}",
                "{'input':'x','tools':[{'type':'function'}]}",
                "{'input':'x','tools':[{'type':'function','name':'f','parameters':3}]}",
                "{'input':'x','tool_choice':'perhaps'}",
                "{'input':'x','tool_choice':3}",
                "{'input':'x','temperature':'hot'}",
                "{'input':'x','text':3}",
                "{'input':'x','text':{'format':{'type':'json_schema'}}}",
                "{'input':'x','reasoning':'much'}",
                "{'input':'x','reasoning':{'effort':3}}"
            })
    void request_thatIsNone_isSaidToBe(String body) throws IOException {
        JsonNode json = MAPPER.readTree(body.replace('\'', '"'));
        assertThatThrownBy(() -> RESPONSES.requestReader().read(json, path -> {}))
                .isInstanceOf(RequestException.class);
    }

    @Test
    void request_withAnythingAnywhere_isReadOrRefused() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<FieldTable.Row> rows =
                FieldTable.KNOWN.rows().stream()
                        .filter(row -> row.format() == RESPONSES && !row.sample().isEmpty())
                        .toList();
        for (int i = 0; i < 20_000; i++) {
            JsonNode body = sample(rows.get(random.nextInt(rows.size())));
            spoil(body, random);
            try {
                Conversation conversation = RESPONSES.requestReader().read(body, path -> {});
                if (RESPONSES
                        .requestWriter()
                        .obstacle(conversation, model("openai/gpt-5.5"))
                        .isEmpty()) {
                    RESPONSES.requestWriter().write(conversation, model("openai/gpt-5.5"), true);
                }
            } catch (RequestException e) {
                assertThat(e.getMessage()).isNotBlank();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + body, e);
            }
        }
    }

    private static void spoil(JsonNode tree, Random random) throws IOException {
        List<ObjectNode> objects =
                new ArrayList<>(
                        tree.findParents("type").stream().map(ObjectNode.class::cast).toList());
        objects.add((ObjectNode) tree);
        ObjectNode object = objects.get(random.nextInt(objects.size()));
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String[] values = {
            "null", "3", "\"x\"", "[]", "{}", "[{}]", "[3]", "true", "[null]", "\"data:\""
        };
        object.set(
                names.get(random.nextInt(names.size())),
                MAPPER.readTree(values[random.nextInt(values.length)]));
    }

    @Test
    void fields_ofTheTable_areLeftOrRead() throws Exception {
        for (FieldTable.Row row : FieldTable.KNOWN.rows()) {
            if (row.format() != RESPONSES || row.sample().isEmpty()) {
                continue;
            }
            Set<String> left = left((ObjectNode) sample(row));
            boolean carried =
                    row.fates().entrySet().stream()
                            .anyMatch(fate ->
                                    fate.getKey() != RESPONSES
                                            && fate.getValue() instanceof FieldTable.Fate.Carried);
            boolean sealed = row.path().equals("input(reasoning).encrypted_content");
            if (carried || sealed) {
                assertThat(left).as(row.path()).doesNotContain(row.path());
            } else {
                assertThat(left).as(row.path()).contains(row.path());
            }
        }
    }

    @Test
    void fields_ofANewerApi_areLeft() throws Exception {
        ObjectNode body = request();
        body.put("hologram", true);
        body.putObject("text").put("colour", "red");
        body.withArray("input").addObject().put("type", "hologram_call");
        ObjectNode message =
                body.withArray("input").addObject().put("role", "user").put("mood", "glad");
        message.putArray("content").addObject().put("type", "input_hologram");
        assertThat(left(body))
                .containsExactlyInAnyOrder(
                        "hologram",
                        "text.colour",
                        "input(hologram_call)",
                        "input(message).mood",
                        "input(message).content(input_hologram)");
    }

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-5.5, NONE, none",
        "openai/gpt-5.5, MINIMAL, low",
        "openai/gpt-5.5, MAX, xhigh",
        "openai/gpt-5.1, XHIGH, high",
        "openai/gpt-5.1, NONE, none",
        "openai/gpt-5-mini, NONE, minimal",
        "openai/gpt-5-mini, XHIGH, high",
        "openai/gpt-5-pro, LOW, high",
        "openai/gpt-5.5-pro, LOW, medium",
        "openai/gpt-5.3-codex, NONE, low",
        "openai/o3, MINIMAL, low",
        "openai/o3, MAX, high"
    })
    void effort_ofEachFamily_isTheNearest(String model, Effort wanted, String word)
            throws IOException {
        Thinking thinking =
                new Thinking(Optional.of(wanted), OptionalInt.empty(), false, Optional.empty());
        JsonNode body = body(conversation(thinking, Sampling.UNSAID), model);
        assertThat(body.at("/reasoning/effort").asText()).isEqualTo(word);
        assertThat(body.path("include").toString()).isEqualTo("[\"reasoning.encrypted_content\"]");
    }

    @Test
    void sampling_thatHasNoPlace_isNamed() {
        Sampling sampling =
                new Sampling.Draft()
                        .maxTokens(1)
                        .temperature(1)
                        .topP(0.5)
                        .topK(5)
                        .presencePenalty(1)
                        .frequencyPenalty(1)
                        .seed(7)
                        .stop(List.of("x"))
                        .likelihoods(30)
                        .user("u".repeat(65))
                        .build();
        WireRequest request =
                RESPONSES
                        .requestWriter()
                        .write(
                                conversation(Thinking.UNSAID, sampling),
                                Model.unknown("p", "m"),
                                false);
        assertThat(request.dropped())
                .containsExactly(
                        "max_tokens below 16",
                        "top_k",
                        "presence_penalty",
                        "frequency_penalty",
                        "seed",
                        "stop",
                        "user");
    }

    @Test
    void maxTokens_beyondTheModels_isCut() throws IOException {
        Sampling sampling = new Sampling.Draft().maxTokens(1_000_000).build();
        assertThat(
                        body(conversation(Thinking.UNSAID, sampling), "openai/gpt-4.1")
                                .path("max_output_tokens")
                                .asInt())
                .isEqualTo(32_768);
    }

    @Test
    void json_thatIsNotMentioned_isAskedForInWords() throws IOException {
        Conversation plain = conversation(Thinking.UNSAID, Sampling.UNSAID);
        Conversation json =
                new Conversation(
                        plain.messages(),
                        List.of(),
                        new ToolChoice.Auto(),
                        new Output.Json(),
                        Thinking.UNSAID,
                        Sampling.UNSAID);
        assertThat(body(json, "openai/gpt-4.1").at("/input/0/role").asText())
                .isEqualTo("developer");
    }

    @Test
    void callIds_thatDoNotFit_areTheSameForCallAndResult() throws IOException {
        String id = "call:" + "x".repeat(80);
        JsonNode input =
                written(
                                new Conversation(
                                        List.of(
                                                Message.user("hi"),
                                                new Message(
                                                        Role.ASSISTANT,
                                                        List.of(call(id, WEATHER, ""))),
                                                new Message(Role.USER, List.of(result(id)))),
                                        List.of(),
                                        new ToolChoice.Auto(),
                                        new Output.Text(),
                                        Thinking.UNSAID,
                                        Sampling.UNSAID),
                                "openai/gpt-4.1")
                        .path("input");
        String sent = input.at("/1/call_id").asText();
        assertThat(sent).matches("call_[0-9a-f]{8}");
        assertThat(input.at("/2/call_id").asText()).isEqualTo(sent);
        assertThat(input.at("/1/arguments").asText()).isEqualTo("{}");
    }

    @Test
    void content_thatHasNoPlace_isAnObstacle() {
        assertThat(obstacle(new Part.File("audio/wav", new Part.File.Data("AA"), Optional.empty())))
                .contains("no audio");
        assertThat(obstacle(new Part.File("video/mp4", new Part.File.Data("AA"), Optional.empty())))
                .contains("no video");
        assertThat(obstacle(new Part.Picture(new Image.Url("gs://bucket/a.png")))).isPresent();
        assertThat(
                        obstacle(
                                result(
                                        "c",
                                        new Part.File(
                                                "audio/wav",
                                                new Part.File.Data("AA"),
                                                Optional.empty()))))
                .contains("no audio");
    }

    @Test
    void answer_ofAllKinds_writtenAndRead_isTheSame() throws Exception {
        FullAnswer answer = answerOfAllKinds();
        byte[] whole = RESPONSES.answerWriter().whole(answer, FRAME);
        AnswerGatherer again = new AnswerGatherer();
        RESPONSES.codec().read(whole, new Blocks(again, "", name -> name));
        assertSame(again.answer(), answer);
    }

    @Test
    void stream_ofAllKinds_writtenAndRead_isTheSame() throws Exception {
        AnswerGatherer again = new AnswerGatherer();
        Blocks blocks = new Blocks(again, "", name -> name);
        StreamReader reader = RESPONSES.codec().stream();
        new SseDecoder()
                .feed(
                        streamOfAllKinds(),
                        event -> {
                            try {
                                reader.read(event, blocks);
                            } catch (ProtocolException e) {
                                throw new AssertionError(e);
                            }
                        });
        FullAnswer expected = answerOfAllKinds();
        assertSame(again.answer(), expected);
    }

    @Test
    void stream_ofAllKinds_isInOrderAndRepeatsAllAtTheEnd() throws Exception {
        List<JsonNode> events = events(streamOfAllKinds());
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).path("sequence_number").asInt(-1)).isEqualTo(i);
        }
        assertThat(events.stream().map(event -> event.path("type").asText()).distinct())
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.reasoning_summary_part.added",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.done",
                        "response.reasoning_summary_part.done",
                        "response.output_item.done",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.annotation.added",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.custom_tool_call_input.delta",
                        "response.custom_tool_call_input.done",
                        "response.completed");
        JsonNode output = events.getLast().at("/response/output");
        List<JsonNode> done =
                events.stream()
                        .filter(event ->
                                event.path("type").asText().equals("response.output_item.done"))
                        .map(event -> event.path("item"))
                        .toList();
        assertThat(output).containsExactlyElementsOf(done);
        assertThat(done.stream().map(item -> item.path("id").asText())).doesNotHaveDuplicates();
        assertThat(events.getFirst().at("/response/status").asText()).isEqualTo("in_progress");
    }

    @Test
    void stream_andWhole_sayTheSame() throws Exception {
        JsonNode whole = MAPPER.readTree(RESPONSES.answerWriter().whole(answerOfAllKinds(), FRAME));
        assertThat(events(streamOfAllKinds()).getLast().path("response")).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"input\":\"a\\n\\ud83d\\ude80\\\"b\\\\\"}",
                " { \"input\" : \"a\\u000a\\ud83d\\ude80\\\"b\\\\\" } ",
                "{\"why\":1,\"input\":\"a\\n\\ud83d\\ude80\\\"b\\\\\"}",
                "a\n\uD83D\uDE80\"b\\"
            })
    void freeform_inAnyPieces_isItsText(String arguments) {
        for (int split = 0; split <= arguments.length(); split++) {
            ResponsesFreeform reader = new ResponsesFreeform();
            String text =
                    reader.feed(arguments.substring(0, split))
                            + reader.feed(arguments.substring(split))
                            + reader.rest();
            assertThat(text).as("split at " + split).isEqualTo("a\n\uD83D\uDE80\"b\\");
        }
    }

    @Test
    void freeform_halfCharacters_areReplaced() {
        assertThat(ResponsesFreeform.text("{\"input\":\"\\ud83d\"}")).isEqualTo("\uFFFD");
        assertThat(ResponsesFreeform.text("{\"input\":\"\\ude80x\"}")).isEqualTo("\uFFFDx");
        assertThat(ResponsesFreeform.text("{}")).isEmpty();
    }

    @Test
    void stream_withoutDeltas_isReadFromWhatIsDone() throws Exception {
        assertThat(
                        read(
                                "{\"type\":\"response.created\",\"response\":{\"model\":\"m\"}}",
                                "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":"
                                    + "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"hi\"}]}}",
                                "{\"type\":\"response.output_item.done\",\"output_index\":1,\"item\":"
                                    + "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"weather\",\"arguments\":\"\"}}",
                                "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}"))
                .containsExactly(
                        new AnswerEvent.Begun("m"),
                        new AnswerEvent.Text("hi"),
                        new AnswerEvent.ToolCall(0, "c", WEATHER, Optional.empty()),
                        new AnswerEvent.ToolArguments(0, "{}"),
                        new AnswerEvent.Tokens(Usage.NONE.asEstimate()),
                        new AnswerEvent.Stopped(Stop.TOOL_CALLS),
                        new AnswerEvent.End());
    }

    @Test
    void stream_ofNothingButItsEnd_isReadFromIt() throws Exception {
        assertThat(
                        read(
                                "{\"type\":\"response.completed\",\"response\":{\"model\":\"m\",\"status\":\"completed\","
                                    + "\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"hi\"}]}]}}"))
                .contains(new AnswerEvent.Begun("m"), new AnswerEvent.Text("hi"));
    }

    @Test
    void customCall_ofTheProvider_isJsonToTheConversation() throws Exception {
        List<AnswerEvent> events =
                read(
                        "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":"
                            + "{\"type\":\"custom_tool_call\",\"call_id\":\"c\",\"name\":\"apply_patch\",\"input\":\"\"}}",
                        "{\"type\":\"response.custom_tool_call_input.delta\",\"output_index\":0,\"delta\":\"a\\n\\ud83d\"}",
                        "{\"type\":\"response.custom_tool_call_input.delta\",\"output_index\":0,\"delta\":\"\\ude80\"}",
                        "{\"type\":\"response.custom_tool_call_input.done\",\"output_index\":0,\"input\":\"x\"}",
                        "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":"
                            + "{\"type\":\"custom_tool_call\",\"call_id\":\"c\",\"name\":\"apply_patch\",\"input\":\"x\"}}",
                        "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}");
        AnswerGatherer gathered = new AnswerGatherer();
        Blocks blocks = new Blocks(gathered, "", name -> name);
        events.forEach(blocks);
        assertThat(gathered.answer().parts())
                .containsExactly(
                        new Part.ToolCall(
                                "c", PATCH, "{\"input\":\"a\\n\uD83D\uDE80\"}", Optional.empty()));
    }

    @Test
    void events_ofAnyShape_neverBreakTheReader() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<JsonNode> events = events(streamOfAllKinds());
        StreamReader reader = RESPONSES.codec().stream();
        for (int i = 0; i < 20_000; i++) {
            ObjectNode event = events.get(random.nextInt(events.size())).deepCopy();
            spoil(event, random);
            try {
                reader.read(new ServerSentEvent("", event.toString()), read -> {});
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + event, e);
            }
        }
    }

    @Test
    void answer_ofWhatIsFiltered_isIncomplete() throws IOException {
        FullAnswer answer =
                new FullAnswer(
                        "m",
                        List.of(new Part.Text("half")),
                        List.of(),
                        List.of(),
                        Stop.REFUSAL,
                        Usage.NONE.asEstimate());
        JsonNode json = MAPPER.readTree(RESPONSES.answerWriter().whole(answer, FRAME));
        assertThat(json.at("/incomplete_details/reason").asText()).isEqualTo("content_filter");
        assertThat(json.path("usage").isNull()).isTrue();
    }

    private static FullAnswer answerOfAllKinds() {
        return new FullAnswer(
                "m",
                List.of(
                        new Part.Reasoning(
                                "hm", Optional.of(new Seal("anthropic-messages", "{\"a\":1}"))),
                        new Part.Text("It is \uD83D\uDE80."),
                        call("call_1", WEATHER, "{\"place\":\"Ulm\"}"),
                        call("call_2", PATCH, "{\"input\":\"a \\\"b\\\"\\n\"}"),
                        call("call_3", ISSUES, "{}")),
                List.of(
                        new Citation(
                                "https://example.org",
                                Optional.of("Example"),
                                Optional.empty(),
                                OptionalInt.of(3),
                                OptionalInt.of(5))),
                List.of(
                        new TokenLikelihood(
                                "It", -0.1, List.of(new TokenLikelihood("He", -2, List.of())))),
                Stop.TOOL_CALLS,
                new Usage(100, 20, 30, 0, 5, false));
    }

    private static byte[] streamOfAllKinds() {
        Pieces out = new Pieces();
        BlockSink sink = RESPONSES.answerWriter().stream(FRAME, out);
        FullAnswer answer = answerOfAllKinds();
        sink.begin(answer.model(), Usage.NONE);
        for (Part part : answer.parts()) {
            switch (part) {
                case Part.Reasoning reasoning -> {
                    sink.open(new Block.Reasoning());
                    sink.piece(reasoning.text());
                    sink.close(reasoning.seal());
                }
                case Part.Text text -> {
                    sink.open(new Block.Text());
                    sink.piece(text.text().substring(0, 2));
                    sink.likelihoods(answer.likelihoods());
                    sink.piece(text.text().substring(2));
                    answer.citations().forEach(sink::cite);
                    sink.close(Optional.empty());
                }
                case Part.ToolCall call -> {
                    sink.open(new Block.Call(call.id(), call.tool(), call.seal()));
                    for (char c : call.arguments().toCharArray()) {
                        sink.piece(String.valueOf(c));
                    }
                    sink.close(Optional.empty());
                }
                default -> throw new AssertionError(part);
            }
        }
        sink.end(answer.stop(), answer.usage());
        return out.take();
    }

    /** Reasoning comes back as the sealed item of ours that it was written as. */
    private static void assertSame(FullAnswer read, FullAnswer written) {
        assertThat(read.parts().subList(1, read.parts().size()))
                .isEqualTo(written.parts().subList(1, written.parts().size()));
        assertThat(((Part.Reasoning) read.parts().getFirst()).text()).isEqualTo("hm");
        assertThat(((Part.Reasoning) read.parts().getFirst()).seal()).isPresent();
        assertThat(read.citations()).isEqualTo(written.citations());
        assertThat(read.likelihoods()).isEqualTo(written.likelihoods());
        assertThat(read.stop()).isEqualTo(written.stop());
        assertThat(read.usage()).isEqualTo(written.usage());
    }

    private static List<JsonNode> events(byte[] stream) throws ProtocolException {
        List<JsonNode> events = new ArrayList<>();
        new SseDecoder()
                .feed(
                        stream,
                        event -> {
                            try {
                                events.add(MAPPER.readTree(event.data()));
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        });
        return events;
    }

    private static List<AnswerEvent> read(String... data) throws ProtocolException {
        StreamReader reader = RESPONSES.codec().stream();
        List<AnswerEvent> events = new ArrayList<>();
        for (String event : data) {
            reader.read(new ServerSentEvent("", event), events::add);
        }
        return events;
    }

    private static Part.ToolCall call(String id, ToolName tool, String arguments) {
        return new Part.ToolCall(id, tool, arguments, Optional.empty());
    }

    private static Part.ToolResult result(String id, Part... content) {
        return new Part.ToolResult(id, List.of(content), false);
    }

    private static Part.Reasoning reasoning(Seal seal) {
        return new Part.Reasoning("hm", Optional.of(seal));
    }

    private static Tool tool(ToolName name, Optional<Boolean> strict) {
        return new Tool(name, Optional.of("does"), "{\"type\":\"object\"}", strict);
    }

    private static Conversation answered(Part... parts) {
        return new Conversation(
                List.of(Message.user("hi"), new Message(Role.ASSISTANT, List.of(parts))),
                List.of(),
                new ToolChoice.Auto(),
                new Output.Text(),
                Thinking.UNSAID,
                Sampling.UNSAID);
    }

    private static Conversation conversation(Thinking thinking, Sampling sampling) {
        return new Conversation(
                List.of(Message.user("hi")),
                List.of(),
                new ToolChoice.Auto(),
                new Output.Text(),
                thinking,
                sampling);
    }

    private static Optional<String> obstacle(Part part) {
        return RESPONSES
                .requestWriter()
                .obstacle(
                        new Conversation(
                                List.of(new Message(Role.USER, List.of(part))),
                                List.of(),
                                new ToolChoice.Auto(),
                                new Output.Text(),
                                Thinking.UNSAID,
                                Sampling.UNSAID),
                        Model.unknown("p", "m"));
    }

    private static ObjectNode request() {
        ObjectNode body = MAPPER.createObjectNode().put("model", "m");
        body.putArray("input").addObject().put("role", "user").put("content", "hi");
        return body;
    }

    private static JsonNode sample(FieldTable.Row row) throws IOException {
        ObjectNode body = request();
        body.setAll((ObjectNode) MAPPER.readTree(row.sample()));
        return body;
    }

    private static Conversation read(ObjectNode body) throws RequestException {
        return RESPONSES.requestReader().read(body, path -> {});
    }

    private static Set<String> left(ObjectNode body) throws RequestException {
        Set<String> left = new HashSet<>();
        RESPONSES.requestReader().read(body, left::add);
        return left;
    }

    private static List<String> dropped(Conversation conversation) {
        return RESPONSES
                .requestWriter()
                .write(conversation, model("openai/gpt-5.5"), false)
                .dropped();
    }

    private static JsonNode written(Conversation conversation, String model) throws IOException {
        return body(conversation, model);
    }

    private static JsonNode body(Conversation conversation, String model) throws IOException {
        return MAPPER.readTree(
                RESPONSES.requestWriter().write(conversation, model(model), false).body().bytes());
    }

    private static Model model(String ref) {
        int slash = ref.indexOf('/');
        return Catalog.builtIn()
                .find(ref.substring(0, slash), ref.substring(slash + 1))
                .orElseThrow();
    }
}

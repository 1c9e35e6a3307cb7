package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.catalog.Catalog;
import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Conversation;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Image;
import dev.pointsman.core.Message;
import dev.pointsman.core.Model;
import dev.pointsman.core.Output;
import dev.pointsman.core.Part;
import dev.pointsman.core.Sampling;
import dev.pointsman.core.Seal;
import dev.pointsman.core.Thinking;
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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/** The chat format, as OpenAI and the many providers that deviate from it speak it. */
class ChatFormatTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Model ANY = Model.unknown("p", "m");
    private static final ToolName FIND = ToolName.of("find");
    private static final String HI = "'messages':[{'role':'user','content':'Hi'}]";

    // requests read

    @Test
    void results_oneAfterTheOther_becomeOneMessage() throws Exception {
        List<Message> messages =
                read("{'messages':[{'role':'user','content':'Hi'},"
                                + "{'role':'assistant','content':null,'tool_calls':["
                                + call("a", "{}")
                                + ","
                                + call("b", "{}")
                                + "]},"
                                + "{'role':'tool','tool_call_id':'b','content':'2'},"
                                + "{'role':'tool','tool_call_id':'a','content':"
                                + "[{'type':'text','text':'1'}]},"
                                + "{'role':'user','content':'Go on'}]}")
                        .messages();
        assertThat(messages)
                .hasSize(4)
                .element(2)
                .isEqualTo(
                        new Message(
                                Message.Role.USER, List.of(result("b", "2"), result("a", "1"))));
    }

    @Test
    void ids_missingOrTheSameInEachTurn_areToldApart() throws Exception {
        List<Message> messages =
                read("{'messages':["
                                + "{'role':'assistant','tool_calls':["
                                + call("call_0", "{}")
                                + "]},"
                                + "{'role':'tool','tool_call_id':'call_0','content':'1'},"
                                + "{'role':'assistant','tool_calls':["
                                + call("call_0", "{}")
                                + "]},"
                                + "{'role':'tool','tool_call_id':'call_0','content':'2'},"
                                + "{'role':'assistant','tool_calls':["
                                + call("", "{}")
                                + ","
                                + call("", "{}")
                                + "]},"
                                + "{'role':'tool','content':'3'},{'role':'tool','content':'4'}]}")
                        .messages();
        assertThat(messages.stream().flatMap(message -> message.parts().stream()))
                .containsExactly(
                        toolCall("call_0"),
                        result("call_0", "1"),
                        toolCall("call_0_2"),
                        result("call_0_2", "2"),
                        toolCall("call_1"),
                        toolCall("call_2"),
                        result("call_1", "3"),
                        result("call_2", "4"));
    }

    @Test
    void idWithASeal_comingBack_isSplitAgain() throws Exception {
        Seal seal = new Seal("gemini", "signature");
        String id = Seals.id("call_9", Optional.of(seal));
        List<Message> messages =
                read("{'messages':[{'role':'assistant','tool_calls':["
                                + call(id, "{}")
                                + "]},"
                                + "{'role':'tool','tool_call_id':'"
                                + id
                                + "','content':'1'}]}")
                        .messages();
        assertThat(messages.getFirst().parts())
                .containsExactly(new Part.ToolCall("call_9", FIND, "{}", Optional.of(seal)));
        assertThat(messages.get(1).parts()).containsExactly(result("call_9", "1"));
    }

    @Test
    void functions_ofTheDeprecatedKind_areToolsOfTheirOwnGroup() throws Exception {
        Conversation read =
                read(
                        "{'functions':[{'name':'find','parameters':{'type':'object'}}],"
                                + "'function_call':{'name':'find'},'messages':["
                                + "{'role':'assistant','content':null,'function_call':"
                                + "{'name':'find','arguments':'{}'}},"
                                + "{'role':'function','name':'find','content':'1'}]}");
        ToolName name = new ToolName("find", Optional.of("function_call"), false);
        assertThat(read.tools()).extracting(Tool::name).containsExactly(name);
        assertThat(read.toolChoice()).isEqualTo(new ToolChoice.Named(name));
        assertThat(read.sampling().parallelTools()).contains(false);
        assertThat(read.messages())
                .flatExtracting(Message::parts)
                .containsExactly(
                        new Part.ToolCall("call_1", name, "{}", Optional.empty()),
                        result("call_1", "1"));
    }

    @Test
    void customTool_withAGrammar_isToldItInWords() throws Exception {
        List<String> left = new ArrayList<>();
        Conversation read =
                read(
                        "{'tools':[{'type':'custom','custom':{'name':'patch','description':'P',"
                                + "'format':{'type':'grammar','grammar':"
                                + "{'syntax':'lark','definition':'start: X'}}}}],'messages':["
                                + "{'role':'assistant','tool_calls':[{'id':'a','type':'custom',"
                                + "'custom':{'name':'patch','input':'say \\\"x\\\"'}}]}]}",
                        left);
        assertThat(read.tools().getFirst().name().freeform()).isTrue();
        assertThat(read.tools().getFirst().description().orElseThrow())
                .isEqualTo("P\n\nThe input follows this grammar (lark):\nstart: X");
        assertThat(((Part.ToolCall) read.messages().getFirst().parts().getFirst()).arguments())
                .isEqualTo("{\"input\":\"say \\\"x\\\"\"}");
        assertThat(left).containsExactly("tools(custom).custom.format");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'auto' | Auto | 2",
                "'none' | None | 2",
                "'required' | Required | 2",
                "'any' | Required | 2",
                "{'type':'function','function':{'name':'find'}} | Named | 2",
                "{'type':'allowed_tools','allowed_tools':{'mode':'required','tools':"
                        + "[{'type':'function','function':{'name':'find'}}]}} | Required | 1",
                "{'type':'allowed_tools','allowed_tools':{'mode':'auto','tools':"
                        + "[{'type':'web_search'}]}} | None | 2"
            },
            quoteCharacter = '`')
    void toolChoice_ofEachKind_isRead(String choice, String kind, int tools) throws Exception {
        Conversation read =
                read(
                        "{'tools':[{'type':'function','function':{'name':'find'}},"
                                + "{'type':'function','function':{'name':'other'}}],'tool_choice':"
                                + choice
                                + ","
                                + HI
                                + "}");
        assertThat(read.toolChoice().getClass().getSimpleName()).isEqualTo(kind);
        assertThat(read.tools()).hasSize(tools);
    }

    @Test
    void valuesThatSayNoMoreThanTheirAbsence_areNotNamed() throws Exception {
        List<String> left = new ArrayList<>();
        read(
                "{'n':1,'store':false,'service_tier':'auto','modalities':['text'],'logit_bias':{},"
                        + "'metadata':null,'stream':true,'stream_options':{'include_usage':true},"
                        + "'logprobs':false,'response_format':{'type':'text'},'audio':null,"
                        + HI
                        + "}",
                left);
        assertThat(left).isEmpty();
    }

    @Test
    void fieldsOfTheTable_areReadOrNamed() throws Exception {
        for (FieldTable.Row row : FieldTable.KNOWN.rows()) {
            if (row.format() != Format.OPENAI_CHAT || row.sample().isEmpty()) {
                continue;
            }
            ObjectNode body = (ObjectNode) json("{'model':'m'," + HI + "}");
            body.setAll((ObjectNode) MAPPER.readTree(row.sample()));
            List<String> left = new ArrayList<>();
            Format.OPENAI_CHAT.requestReader().read(body, left::add);
            if (row.fates().values().stream()
                    .allMatch(fate -> fate instanceof FieldTable.Fate.Carried)) {
                assertThat(left).as(row.path()).doesNotContain(row.path());
            }
            left.forEach(path ->
                    assertThat(FieldTable.KNOWN.row(Format.OPENAI_CHAT, path))
                            .as(path)
                            .isPresent());
            boolean everywhere =
                    row.fates().entrySet().stream()
                            .filter(entry -> entry.getKey() != Format.OPENAI_CHAT)
                            .allMatch(
                                    entry -> entry.getValue() instanceof FieldTable.Fate.Rejected);
            if (everywhere) {
                assertThat(left).as(row.path()).contains(row.path());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'messages':'x'} | messages must be a list",
                "{'messages':[{'role':'oracle'}]} | messages.role must be",
                "{'messages':[{'role':'user','content':7}]} | messages.content must be",
                "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':"
                        + "{'url':'ftp://secret'}}]}]} | must begin with https:",
                "{'messages':[],'temperature':'warm'} | temperature must be a number",
                "{'messages':[],'tools':[{'type':'function'}]} | name is missing"
            },
            quoteCharacter = '`')
    void request_thatIsNone_isRefusedInWords(String body, String words) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining(words)
                .hasMessageNotContaining("secret");
    }

    // requests written

    @Test
    void conversation_writtenAndRead_isTheSame() throws Exception {
        Conversation asked =
                new Conversation(
                        List.of(
                                new Message(
                                        Message.Role.SYSTEM, List.of(new Part.Text("Be brief."))),
                                new Message(
                                        Message.Role.USER,
                                        List.of(
                                                new Part.Text("Look"),
                                                new Part.Picture(
                                                        new Image.Data("image/png", "AAAA")),
                                                new Part.File(
                                                        "application/pdf",
                                                        new Part.File.Data("JVBERi0="),
                                                        Optional.of("a.pdf")),
                                                new Part.File(
                                                        "audio/mpeg",
                                                        new Part.File.Data("SUQz"),
                                                        Optional.empty()))),
                                new Message(
                                        Message.Role.ASSISTANT,
                                        List.of(
                                                new Part.Text("I look."),
                                                toolCall("call_a"),
                                                toolCall("call_b"))),
                                new Message(
                                        Message.Role.USER,
                                        List.of(result("call_a", "1"), result("call_b", "2"))),
                                Message.user("Go on"),
                                new Message(
                                        Message.Role.SYSTEM, List.of(new Part.Text("Be kind.")))),
                        List.of(
                                new Tool(
                                        FIND,
                                        Optional.of("Finds"),
                                        "{\"type\":\"object\"}",
                                        Optional.of(true))),
                        new ToolChoice.Named(FIND),
                        new Output.Schema(
                                Optional.of("city"),
                                Optional.of("A city"),
                                "{\"type\":\"object\"}",
                                Optional.of(true)),
                        Thinking.UNSAID,
                        new Sampling.Draft()
                                .maxTokens(100)
                                .temperature(0.5)
                                .topP(0.9)
                                .presencePenalty(-0.5)
                                .frequencyPenalty(0.25)
                                .seed(7)
                                .stop(List.of("A", "B"))
                                .likelihoods(3)
                                .parallelTools(false)
                                .user("ann")
                                .build());
        WireRequest written = write(asked, ANY);
        assertThat(written.dropped()).isEmpty();
        List<String> left = new ArrayList<>();
        assertThat(
                        Format.OPENAI_CHAT
                                .requestReader()
                                .read(MAPPER.readTree(written.body().bytes()), left::add))
                .isEqualTo(asked);
        assertThat(left).isEmpty();
    }

    @Test
    void results_ofAMessage_comeBeforeItsTextsAndSayThatTheyFailed() throws Exception {
        JsonNode messages =
                messages(
                        ANY,
                        new Message(
                                Message.Role.USER,
                                List.of(
                                        new Part.Text("Go on"),
                                        new Part.ToolResult(
                                                "a", List.of(new Part.Text("no file")), true),
                                        new Part.ToolResult(
                                                "b", List.of(new Part.Text("<error>x")), true),
                                        new Part.ToolResult("c", List.of(), false))));
        assertThat(messages)
                .isEqualTo(
                        json(
                                "[{'role':'tool','tool_call_id':'a','content':'Error: no file'},"
                                        + "{'role':'tool','tool_call_id':'b','content':'<error>x'},"
                                        + "{'role':'tool','tool_call_id':'c','content':''},"
                                        + "{'role':'user','content':'Go on'}]"));
    }

    @Test
    void ids_thatDoNotFit_changeAlikeInCallAndResult() throws Exception {
        String id = "functions.find:0 ".repeat(4);
        for (Model model : List.of(ANY, Model.unknown("mistral", "mistral-large-latest"))) {
            JsonNode messages =
                    messages(
                            model,
                            new Message(Message.Role.ASSISTANT, List.of(toolCall(id))),
                            new Message(Message.Role.USER, List.of(result(id, "1"))));
            String written = messages.at("/0/tool_calls/0/id").asText();
            assertThat(written).hasSizeLessThanOrEqualTo(40).matches("[a-zA-Z0-9_-]+");
            assertThat(messages.at("/1/tool_call_id").asText()).isEqualTo(written);
            if (model != ANY) {
                assertThat(written).matches("[a-zA-Z0-9]{9}");
            }
        }
    }

    @Test
    void reasoning_goesBackOnlyWhereItIsWanted() throws Exception {
        Message plain = reasoned(Optional.empty());
        Message sealed = reasoned(Optional.of(new Seal("anthropic-messages", "{}")));
        Model deepSeek = Model.unknown("deepseek", "deepseek-reasoner");
        assertThat(messages(ANY, plain).at("/0/reasoning_content").isMissingNode()).isTrue();
        assertThat(messages(deepSeek, sealed).at("/0/reasoning_content").isMissingNode()).isTrue();
        assertThat(messages(deepSeek, plain).at("/0/reasoning_content").asText()).isEqualTo("Hm.");
        assertThat(write(conversation(plain), ANY).dropped())
                .containsExactly("reasoning of another provider");
        Message nothingElse =
                new Message(
                        Message.Role.ASSISTANT,
                        List.of(new Part.Reasoning("Hm.", Optional.empty())));
        assertThat(messages(ANY, nothingElse)).isEmpty();
    }

    @Test
    void signatureOfACall_goesBackToGoogle() throws Exception {
        Message message =
                new Message(
                        Message.Role.ASSISTANT,
                        List.of(
                                new Part.ToolCall(
                                        "a", FIND, "{}", Optional.of(new Seal("gemini", "sig")))));
        Model gemini = Model.unknown("google", "gemini-3-pro");
        assertThat(
                        messages(gemini, message)
                                .at("/0/tool_calls/0/extra_content/google/thought_signature")
                                .asText())
                .isEqualTo("sig");
        assertThat(write(conversation(message), ANY).dropped())
                .containsExactly("reasoning of another provider");
    }

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-5.5, developer",
        "openai/gpt-4.1, system",
        "mistral/mistral-large-latest, system"
    })
    void developer_isSaidToOpenAiReasonersAlone(String model, String role) throws Exception {
        assertThat(
                        messages(
                                        model(model),
                                        new Message(
                                                Message.Role.DEVELOPER,
                                                List.of(new Part.Text("Be brief."))),
                                        Message.user("Hi"))
                                .at("/0/role")
                                .asText())
                .isEqualTo(role);
    }

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-5-mini, NONE, minimal",
        "openai/gpt-5-mini, XHIGH, high",
        "openai/gpt-5.5, MINIMAL, low",
        "openai/gpt-5.5, NONE, none",
        "openai/gpt-5.5, MAX, xhigh",
        "openai/o3, NONE, low",
        "openai/o3, MEDIUM, medium",
        "openai/gpt-4.1, HIGH, ''"
    })
    void effort_isTheNearestThatTheModelTakes(String model, Thinking.Effort wanted, String said)
            throws Exception {
        Conversation asked =
                new Conversation(
                        List.of(Message.user("Hi")),
                        List.of(),
                        new ToolChoice.Auto(),
                        new Output.Text(),
                        new Thinking(
                                Optional.of(wanted), OptionalInt.empty(), false, Optional.empty()),
                        Sampling.UNSAID);
        WireRequest written = write(asked, model(model));
        assertThat(MAPPER.readTree(written.body().bytes()).path("reasoning_effort").asText())
                .isEqualTo(said);
        assertThat(written.dropped().contains("reasoning_effort")).isEqualTo(said.isEmpty());
    }

    @Test
    void strictSchema_thatOpenAiWouldRefuse_isNotStrictThere() throws Exception {
        Tool tool =
                new Tool(
                        FIND,
                        Optional.empty(),
                        "{\"type\":\"object\",\"properties\":{\"q\":{\"type\":\"string\"}}}",
                        Optional.of(true));
        Conversation asked =
                new Conversation(
                        List.of(Message.user("Hi")),
                        List.of(tool),
                        new ToolChoice.Auto(),
                        new Output.Text(),
                        Thinking.UNSAID,
                        Sampling.UNSAID);
        assertThat(write(asked, model("openai/gpt-4.1")).dropped()).containsExactly("strict");
        assertThat(write(asked, ANY).dropped()).isEmpty();
    }

    @Test
    void obstacles_areNamed() {
        Part picture = new Part.Picture(new Image.Data("image/png", "AAAA"));
        assertThat(obstacle(Message.Role.USER, new Part.ToolResult("a", List.of(picture), false)))
                .contains("no images in tool results");
        assertThat(obstacle(Message.Role.ASSISTANT, picture)).contains("no images in answers");
        assertThat(
                        obstacle(
                                Message.Role.USER,
                                new Part.File(
                                        "application/pdf",
                                        new Part.File.Url("https://example.org/a.pdf"),
                                        Optional.empty())))
                .contains("no files by address");
        assertThat(
                        obstacle(
                                Message.Role.USER,
                                new Part.File(
                                        "audio/ogg", new Part.File.Data("AAAA"), Optional.empty())))
                .contains("no audio but wav and mp3");
        assertThat(obstacle(Message.Role.USER, picture)).isEmpty();
    }

    // answers read

    @Test
    void answer_ofAProviderThatDeviates_isReadAllTheSame() throws Exception {
        assertThat(
                        events(
                                "{'id':'x','model':'m','choices':[{'message':{'reasoning':'Hm.',"
                                    + "'reasoning_content':'Hm.','content':["
                                    + "{'type':'thinking','thinking':[{'type':'text','text':'T'}]},"
                                    + "{'type':'text','text':'A'},{'type':'hologram'}],"
                                    + "'tool_calls':[{'function':{'name':'find','arguments':"
                                    + "{'q':1}}},{'id':'','function':{'name':'find'}}]},"
                                    + "'finish_reason':'stop'}]}"))
                .containsExactly(
                        new AnswerEvent.Begun("m"),
                        new AnswerEvent.Reasoning("Hm."),
                        new AnswerEvent.Reasoning("T"),
                        new AnswerEvent.Text("A"),
                        new AnswerEvent.Other("hologram"),
                        called(0, "call_" + ToolNames.mark("x") + "_0"),
                        new AnswerEvent.ToolArguments(0, "{\"q\":1}"),
                        called(1, "call_" + ToolNames.mark("x") + "_1"),
                        new AnswerEvent.ToolArguments(1, "{}"),
                        new AnswerEvent.Stopped(Stop.END),
                        new AnswerEvent.End());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'error':'overloaded'}", "{'object':'error','message':'no'}"})
    void error_inABody_isAFailure(String body) {
        assertThatThrownBy(() -> events(body)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void stream_ofParallelCalls_isToldApartByIndexOrIdOrName() throws Exception {
        List<AnswerEvent> expected =
                List.of(
                        called(0, "a"),
                        new AnswerEvent.ToolArguments(0, "{}"),
                        called(1, "b"),
                        new AnswerEvent.ToolArguments(1, "{\"q\""),
                        new AnswerEvent.ToolArguments(1, ":1}"),
                        new AnswerEvent.Stopped(Stop.TOOL_CALLS),
                        new AnswerEvent.End());
        String end = "{'choices':[{'delta':{},'finish_reason':'tool_calls'}]}";
        String more = "'function':{'arguments':':1}'}";
        for (String[] pieces :
                List.of(
                        new String[] {
                            "'index':0," + start("a", "{}"),
                            "'index':1," + start("b", "{\\\"q\\\""),
                            "'index':1," + more
                        },
                        new String[] {start("a", "{}"), start("b", "{\\\"q\\\""), more},
                        new String[] {
                            start("a", "{}"), start("b", "{\\\"q\\\""), "'id':'b'," + more
                        },
                        new String[] {
                            "'index':0," + start("a", "{}"),
                            "'index':0," + start("b", "{\\\"q\\\""),
                            "'index':0," + more
                        },
                        new String[] {
                            "'index':0," + start("a", "{}"),
                            "'index':1," + start("b", "{\\\"q\\\""),
                            "'index':1,'id':'b','function':{'name':'find','arguments':':1}'}"
                        },
                        new String[] {
                            "'index':0," + start("a", "{}"),
                            "'index':1," + start("b", "{\\\"q\\\""),
                            "'index':1,'id':'zz','function':{'name':null,'arguments':':1}'}"
                        })) {
            List<String> chunks = new ArrayList<>();
            for (String piece : pieces) {
                chunks.add("{'choices':[{'delta':{'tool_calls':[{" + piece + "}]}}]}");
            }
            chunks.add(end);
            assertThat(stream(chunks)).as(String.join(" ", pieces)).isEqualTo(expected);
        }
    }

    @Test
    void stream_whoseCallHasNoArguments_saysAnEmptyObject() throws Exception {
        assertThat(
                        stream(
                                List.of(
                                        "{'choices':[{'delta':{'tool_calls':[{'index':0,'id':'a',"
                                                + "'function':{'name':'','arguments':''}}]}}]}",
                                        "{'choices':[{'delta':{'tool_calls':[{'index':0,"
                                                + "'function':{'name':'find'}}]}}]}",
                                        "{'choices':[{'delta':{},'finish_reason':'stop'}]}")))
                .containsExactly(
                        called(0, "a"),
                        new AnswerEvent.ToolArguments(0, "{}"),
                        new AnswerEvent.Stopped(Stop.END),
                        new AnswerEvent.End());
    }

    @Test
    void stream_ofACustomCall_isAnObjectOfOneText() throws Exception {
        StringBuilder arguments = new StringBuilder();
        for (AnswerEvent event :
                stream(
                        List.of(
                                "{'choices':[{'delta':{'tool_calls':[{'index':0,'id':'a','type':"
                                        + "'custom','custom':{'name':'patch','input':''}}]}}]}",
                                "{'choices':[{'delta':{'tool_calls':[{'index':0,'custom':"
                                        + "{'input':'say \\\"'}}]}}]}",
                                "{'choices':[{'delta':{'tool_calls':[{'index':0,'custom':"
                                        + "{'input':'x\\\"\\n'}}]}}]}",
                                "{'choices':[{'delta':{},'finish_reason':'tool_calls'}]}"))) {
            if (event instanceof AnswerEvent.ToolArguments piece) {
                arguments.append(piece.delta());
            }
        }
        assertThat(MAPPER.readTree(arguments.toString()).path("input").asText())
                .isEqualTo("say \"x\"\n");
    }

    @Test
    void stream_withUsageInEachChunkAndAnErrorAsText_isRead() throws Exception {
        assertThat(
                        stream(
                                List.of(
                                        "{'choices':[{'delta':{'content':'A'}}],'usage':"
                                                + "{'prompt_tokens':5,'completion_tokens':1}}",
                                        "{'choices':[{'delta':{'content':'B'},'usage':"
                                                + "{'prompt_tokens':5,'completion_tokens':2}}]}",
                                        "{'error':'overloaded_error'}")))
                .containsExactly(
                        new AnswerEvent.Text("A"),
                        new AnswerEvent.Tokens(Usage.of(5, 1)),
                        new AnswerEvent.Text("B"),
                        new AnswerEvent.Tokens(Usage.of(5, 2)),
                        new AnswerEvent.Failed(new Failure.ServerError(false, "overloaded_error")));
    }

    @Test
    void answers_andRequestsWithOddJson_neverFailUnexpectedly() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        JsonNode answer =
                json(
                        "{'id':'x','model':'m','choices':[{'index':0,'message':{'content':'A',"
                            + "'refusal':null,'annotations':[{'url_citation':{'url':'u','title':'t',"
                            + "'start_index':0}}],'tool_calls':[{'id':'a','type':'function','function':"
                            + "{'name':'find','arguments':'{}'}}]},'delta':{'content':['A'],"
                            + "'tool_calls':[{'index':0,'id':'a','function':{'name':'find',"
                            + "'arguments':'{}'}}]},'logprobs':{'content':[{'token':'A','logprob':-1,"
                            + "'top_logprobs':[{'token':'A','logprob':-1}]}]},'finish_reason':'stop'}],"
                            + "'usage':{'prompt_tokens':1,'prompt_tokens_details':{}}}");
        JsonNode request =
                json(
                        "{'model':'m','messages':[{'role':'user','content':[{'type':'image_url',"
                            + "'image_url':{'url':'data:image/png;base64,AA'}},{'type':'file','file':"
                            + "{'file_data':'data:a/b;base64,AA','filename':'f'}}]},{'role':"
                            + "'assistant','content':'x','tool_calls':[{'id':'a','function':{'name':"
                            + "'find','arguments':'{}'}}]},{'role':'tool','tool_call_id':'a',"
                            + "'content':'y'}],'tools':[{'type':'function','function':{'name':'find',"
                            + "'parameters':{'type':'object'}}}],'tool_choice':{'type':'function',"
                            + "'function':{'name':'find'}},'response_format':{'type':'json_schema',"
                            + "'json_schema':{'name':'n','schema':{'type':'object'}}},'reasoning':"
                            + "{'effort':'low','max_tokens':5},'stop':['a'],'logprobs':true,"
                            + "'top_logprobs':2,'seed':3,'max_tokens':4}");
        for (int i = 0; i < 20_000; i++) {
            JsonNode odd = odd(answer.deepCopy(), random);
            try {
                Format.OPENAI_CHAT.codec().answer(MAPPER.writeValueAsBytes(odd));
            } catch (ProtocolException e) {
                assertThat(e.failure()).isNotNull();
            }
            try {
                Format.OPENAI_CHAT.codec().stream()
                        .read(
                                new ServerSentEvent("", odd.toString()),
                                event -> assertThat(event).isNotNull());
            } catch (ProtocolException e) {
                assertThat(e.failure()).isNotNull();
            }
            try {
                Conversation read =
                        Format.OPENAI_CHAT
                                .requestReader()
                                .read(odd(request.deepCopy(), random), path -> {});
                if (Format.OPENAI_CHAT.requestWriter().obstacle(read, ANY).isEmpty()) {
                    write(read, ANY);
                }
            } catch (RequestException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    // answers written

    @Test
    void answer_withEverything_readsBackTheSame() throws Exception {
        Usage usage = new Usage(5, 7, 3, 0, 2, false);
        FullAnswer answer =
                new FullAnswer(
                        "m",
                        List.of(
                                new Part.Reasoning("Hm.", Optional.empty()),
                                new Part.Text("A \uD83D\uDE80"),
                                new Part.ToolCall("a", FIND, "{\"q\":1}", Optional.empty())),
                        List.of(
                                new Citation(
                                        "https://example.org",
                                        Optional.of("T"),
                                        Optional.empty(),
                                        OptionalInt.of(0),
                                        OptionalInt.of(1))),
                        List.of(
                                new TokenLikelihood(
                                        "A",
                                        -0.5,
                                        List.of(new TokenLikelihood("B", -2, List.of())))),
                        Stop.TOOL_CALLS,
                        usage);
        Frame frame = new Frame("1", "m", 9, 0, true);
        byte[] whole = Format.OPENAI_CHAT.answerWriter().whole(answer, frame);
        AnswerGatherer gatherer = new AnswerGatherer();
        Format.OPENAI_CHAT.codec().read(whole, new Blocks(gatherer, "", name -> name));
        assertThat(gatherer.answer()).isEqualTo(answer);

        AnswerTranslator toStream =
                new AnswerTranslator(
                        Format.OPENAI_CHAT, Format.OPENAI_CHAT, frame, name -> name, false);
        byte[] stream = toStream.whole(whole, true).bytes();
        AnswerGatherer again = new AnswerGatherer();
        Blocks blocks = new Blocks(again, "", name -> name);
        StreamReader reader = Format.OPENAI_CHAT.codec().stream();
        for (ServerSentEvent event : decoded(stream)) {
            reader.read(event, blocks);
        }
        assertThat(again.answer()).isEqualTo(answer);
    }

    @Test
    void stream_withoutUsageWanted_hasNone() {
        for (boolean wanted : List.of(true, false)) {
            Pieces out = new Pieces();
            BlockSink sink =
                    Format.OPENAI_CHAT.answerWriter().stream(
                            new Frame("1", "m", 9, 0, wanted), out);
            sink.begin("m", Usage.NONE);
            sink.end(Stop.END, Usage.of(1, 1));
            String text = new String(out.take(), StandardCharsets.UTF_8);
            assertThat(text.contains("\"usage\"")).isEqualTo(wanted);
            assertThat(text).endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void calls_ofCustomToolsAndFunctions_areWrittenInTheirOwnWay() throws Exception {
        ToolName patch = new ToolName("patch", Optional.empty(), true);
        ToolName old = new ToolName("find", Optional.of("function_call"), false);
        FullAnswer answer =
                new FullAnswer(
                        "m",
                        List.of(
                                new Part.ToolCall(
                                        "a", patch, "{\"input\":\"x\\n\"}", Optional.empty()),
                                new Part.ToolCall("b", old, "{}", Optional.empty())),
                        List.of(),
                        List.of(),
                        Stop.TOOL_CALLS,
                        Usage.of(1, 1));
        Frame frame = new Frame("1", "m", 9, 0, true);
        JsonNode choice =
                MAPPER.readTree(Format.OPENAI_CHAT.answerWriter().whole(answer, frame))
                        .at("/choices/0");
        assertThat(choice.at("/message/tool_calls"))
                .isEqualTo(
                        json(
                                "[{'id':'a','type':'custom','custom':"
                                        + "{'name':'patch','input':'x\\n'}}]"));
        assertThat(choice.at("/message/function_call"))
                .isEqualTo(json("{'name':'find','arguments':'{}'}"));
        assertThat(choice.path("finish_reason").asText()).isEqualTo("function_call");
        assertThat(choice.at("/message/content").isNull()).isTrue();

        Pieces out = new Pieces();
        BlockSink sink = Format.OPENAI_CHAT.answerWriter().stream(frame, out);
        sink.begin("m", Usage.NONE);
        sink.open(new Block.Call("a", patch, Optional.empty()));
        sink.piece("{\"input\":");
        sink.piece("\"x\\n\"}");
        sink.close(Optional.empty());
        sink.open(new Block.Call("b", old, Optional.empty()));
        sink.close(Optional.empty());
        sink.end(Stop.TOOL_CALLS, Usage.of(1, 1));
        List<JsonNode> deltas = new ArrayList<>();
        for (ServerSentEvent event : decoded(out.take())) {
            if (event.data().startsWith("{")) {
                deltas.add(MAPPER.readTree(event.data()).at("/choices/0/delta"));
            }
        }
        assertThat(deltas)
                .contains(
                        json(
                                "{'tool_calls':[{'index':0,'id':'a','type':'custom','custom':"
                                        + "{'name':'patch','input':''}}]}"),
                        json("{'tool_calls':[{'index':0,'custom':{'input':'x\\n'}}]}"),
                        json("{'function_call':{'name':'find'}}"),
                        json("{'function_call':{'arguments':'{}'}}"));
    }

    // what the tests say it with

    private static JsonNode odd(JsonNode tree, Random random) {
        for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
            List<JsonNode> containers = new ArrayList<>();
            collect(tree, containers);
            JsonNode at = containers.get(random.nextInt(containers.size()));
            JsonNode value = value(random);
            if (at instanceof ArrayNode array && !array.isEmpty()) {
                array.set(random.nextInt(array.size()), value);
            } else if (at instanceof ObjectNode object && !object.isEmpty()) {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                object.set(names.get(random.nextInt(names.size())), value);
            }
        }
        return tree;
    }

    private static void collect(JsonNode node, List<JsonNode> out) {
        if (node.isContainerNode()) {
            out.add(node);
            node.forEach(child -> collect(child, out));
        }
    }

    private static JsonNode value(Random random) {
        String[] values = {
            "null",
            "7",
            "-1.5e300",
            "true",
            "'x'",
            "''",
            "[]",
            "{}",
            "[null]",
            "[7]",
            "['x']",
            "{'type':null}",
            "{'type':'x'}",
            "[[[]]]",
            "{'x':{}}",
            "99999999999999999999"
        };
        return json(values[random.nextInt(values.length)]);
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Conversation read(String body) throws RequestException {
        return read(body, new ArrayList<>());
    }

    private static Conversation read(String body, List<String> left) throws RequestException {
        return Format.OPENAI_CHAT.requestReader().read(json(body), left::add);
    }

    private static WireRequest write(Conversation conversation, Model model) {
        return Format.OPENAI_CHAT.requestWriter().write(conversation, model, false);
    }

    private static JsonNode messages(Model model, Message... messages) throws IOException {
        return MAPPER.readTree(write(conversation(messages), model).body().bytes())
                .path("messages");
    }

    private static Conversation conversation(Message... messages) {
        return new Conversation(
                List.of(messages),
                List.of(),
                new ToolChoice.Auto(),
                new Output.Text(),
                Thinking.UNSAID,
                Sampling.UNSAID);
    }

    private static Optional<String> obstacle(Message.Role role, Part part) {
        return Format.OPENAI_CHAT
                .requestWriter()
                .obstacle(conversation(new Message(role, List.of(part))), ANY);
    }

    private static Message reasoned(Optional<Seal> seal) {
        return new Message(
                Message.Role.ASSISTANT, List.of(new Part.Reasoning("Hm.", seal), toolCall("a")));
    }

    private static Part toolCall(String id) {
        return new Part.ToolCall(id, FIND, "{}", Optional.empty());
    }

    private static Part result(String id, String text) {
        return new Part.ToolResult(id, List.of(new Part.Text(text)), false);
    }

    private static AnswerEvent called(int slot, String id) {
        return new AnswerEvent.ToolCall(slot, id, FIND, Optional.empty());
    }

    private static String call(String id, String arguments) {
        return "{'id':'"
                + id
                + "','type':'function','function':{'name':'find','arguments':'"
                + arguments
                + "'}}";
    }

    private static String start(String id, String arguments) {
        return "'id':'" + id + "','function':{'name':'find','arguments':'" + arguments + "'}";
    }

    private static Model model(String ref) {
        int slash = ref.indexOf('/');
        return Catalog.builtIn()
                .find(ref.substring(0, slash), ref.substring(slash + 1))
                .orElseThrow();
    }

    private static List<AnswerEvent> events(String body) throws Exception {
        List<AnswerEvent> events = new ArrayList<>();
        Format.OPENAI_CHAT.codec().read(MAPPER.writeValueAsBytes(json(body)), events::add);
        return events;
    }

    private static List<AnswerEvent> stream(List<String> chunks) throws Exception {
        StreamReader reader = Format.OPENAI_CHAT.codec().stream();
        List<AnswerEvent> events = new ArrayList<>();
        for (String chunk : chunks) {
            reader.read(new ServerSentEvent("", json(chunk).toString()), events::add);
        }
        reader.close(events::add);
        return events;
    }

    private static List<ServerSentEvent> decoded(byte[] stream) throws ProtocolException {
        List<ServerSentEvent> events = new ArrayList<>();
        new SseDecoder().feed(stream, events::add);
        return events;
    }
}

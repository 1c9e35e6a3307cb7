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

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

class GeminiFormatTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Frame FRAME = new Frame("f1", "frame-model", 1, 10, true);
    private static final Path CASES = Path.of("src/test/resources/wire");
    private static final Seal OWN = new Seal("gemini", "c2lnbmVk");
    private static final Seal FOREIGN =
            new Seal("anthropic-messages", "{\"type\":\"thinking\",\"signature\":\"Grüße\"}");

    private static final String HI = "\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]";

    // ---- the table of fields

    @TestFactory
    Stream<DynamicTest> table_sampleOfEachField_isReadOrLeftAsTheTableSays() {
        return FieldTable.KNOWN.rows().stream()
                .filter(row -> row.format() == Format.GEMINI && !row.sample().isEmpty())
                .map(row -> DynamicTest.dynamicTest(row.path(), () -> sample(row)));
    }

    private static void sample(FieldTable.Row row) throws Exception {
        ObjectNode body = (ObjectNode) MAPPER.readTree("{" + HI + "}");
        body.setAll((ObjectNode) MAPPER.readTree(row.sample()));
        List<String> left = new ArrayList<>();
        Conversation read = new GeminiRequestReader().read(body, left::add);
        assertThat(read.messages()).isNotEmpty();

        FieldTable.Fate fate = FieldTable.KNOWN.fate(Format.GEMINI, row.path(), Format.OPENAI_CHAT);
        if (fate instanceof FieldTable.Fate.Carried) {
            assertThat(left).doesNotContain(row.path());
        }
        for (String path : left) {
            assertThat(FieldTable.KNOWN.row(Format.GEMINI, path)).as(path).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "safetySettings",
                "cachedContent",
                "tools.googleSearch",
                "tools(alone).urlContext",
                "contents.parts.toolCall",
                "contents.parts.videoMetadata",
                "contents.parts.fileData(google)",
                "generationConfig.speechConfig",
                "generationConfig.responseModalities(AUDIO)"
            })
    void field_withoutPlaceInAConversation_isLeft(String path) throws Exception {
        FieldTable.Row row = FieldTable.KNOWN.row(Format.GEMINI, path).orElseThrow();
        ObjectNode body = (ObjectNode) MAPPER.readTree("{" + HI + "}");
        body.setAll((ObjectNode) MAPPER.readTree(row.sample()));
        List<String> left = new ArrayList<>();
        new GeminiRequestReader().read(body, left::add);
        assertThat(left).contains(path);
    }

    // ---- requests read

    @TestFactory
    Stream<DynamicTest> request_readWrittenAndReadAgain_saysTheSame() throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.list(CASES)) {
            folders =
                    all.map(folder -> folder.resolve("request.gemini.json"))
                            .filter(Files::exists)
                            .sorted()
                            .toList();
        }
        assertThat(folders).hasSizeGreaterThan(20);
        return folders.stream()
                .map(file ->
                        DynamicTest.dynamicTest(
                                file.getParent().getFileName().toString(), () -> again(file)));
    }

    private static void again(Path file) throws Exception {
        Conversation first =
                new GeminiRequestReader().read(MAPPER.readTree(file.toFile()), path -> {});
        Model third = model("gemini-3.5-flash");
        Conversation once = read(write(first, third));
        Conversation twice = read(write(once, third));
        assertThat(twice).isEqualTo(once);
        assertThat(once.tools()).isEqualTo(first.tools());
        assertThat(once.toolChoice()).isEqualTo(first.toolChoice());
        assertThat(once.output()).isEqualTo(first.output());
        assertThat(said(once)).containsExactlyInAnyOrderElementsOf(said(first));
    }

    /** All but reasoning, which may be another's, and the names of files. */
    private static List<Part> said(Conversation conversation) {
        return conversation.messages().stream()
                .flatMap(message -> message.parts().stream())
                .filter(part -> !(part instanceof Part.Reasoning))
                .map(GeminiFormatTest::bare)
                .toList();
    }

    private static Part bare(Part part) {
        return switch (part) {
            case Part.File file -> new Part.File(file.mediaType(), file.source(), Optional.empty());
            case Part.ToolCall call ->
                    new Part.ToolCall(call.id(), call.tool(), call.arguments(), Optional.empty());
            default -> part;
        };
    }

    @Test
    void names_withUnderscores_areReadAsThoseOfGoogle() throws Exception {
        String camel = Files.readString(CASES.resolve("gemini-sampling/request.gemini.json"));
        String snake =
                camel.replaceAll("(?<=[a-z])(?=[A-Z][A-Za-z]*\" *:)", "_")
                        .replace("generation_Config", "generation_config");
        Conversation read = read(camel);
        assertThat(read.sampling().topK()).hasValue(40);
        assertThat(read.sampling().maxTokens()).hasValue(90_000);
        assertThat(read.sampling().likelihoods()).hasValue(2);
        assertThat(read(lowerNames(snake))).isEqualTo(read);
    }

    private static String lowerNames(String json) {
        StringBuilder lower = new StringBuilder();
        for (String line : json.split("\n")) {
            int colon = line.indexOf("\":");
            lower.append(
                    colon < 0
                            ? line
                            : line.substring(0, colon).toLowerCase(Locale.ROOT)
                                    + line.substring(colon));
        }
        return lower.toString();
    }

    @Test
    void responses_withoutIds_areMatchedByNameThenByOrder() throws Exception {
        Conversation read = readCase("gemini-parallel-tools");
        List<Part> calls = read.messages().get(1).parts();
        List<Part> results = read.messages().get(2).parts();
        assertThat(result(results, 0).callId()).isEqualTo(((Part.ToolCall) calls.get(3)).id());
        assertThat(result(results, 1).callId()).isEqualTo(((Part.ToolCall) calls.get(1)).id());
        assertThat(result(results, 2).callId()).isEqualTo(((Part.ToolCall) calls.get(2)).id());
        assertThat(result(results, 2).error()).isTrue();
        assertThat(result(results, 2).content()).containsExactly(new Part.Text("no such city"));
        assertThat(result(results, 1).content())
                .containsExactly(new Part.Text("{\"temperature\":3.5,\"sky\":\"grey\"}"));
    }

    private static Part.ToolResult result(List<Part> parts, int at) {
        return (Part.ToolResult) parts.get(at);
    }

    @Test
    void callIds_ofALongerConversation_stayTheSame() throws Exception {
        String turn =
                "{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"a\"}},"
                        + "{\"functionCall\":{\"name\":\"a\"}}]}";
        String results =
                "{\"parts\":[{\"functionResponse\":{\"name\":\"a\"}},"
                        + "{\"functionResponse\":{\"name\":\"a\"}}]}";
        String user = "{\"parts\":[{\"text\":\"Hi\"}]}";
        Conversation shorter = read("{\"contents\":[" + user + "," + turn + "]}");
        Conversation longer =
                read(
                        "{\"contents\":["
                                + String.join(",", user, turn, results, turn, results)
                                + "]}");
        assertThat(longer.messages().get(1)).isEqualTo(shorter.messages().get(1));
        List<String> ids = new ArrayList<>();
        for (Message message : longer.messages()) {
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolCall call) {
                    ids.add(call.id());
                }
            }
        }
        assertThat(ids).hasSize(4).doesNotHaveDuplicates();
        assertThat(ids).allMatch(id -> id.matches("call_[0-9a-f]{12}"));
    }

    @Test
    void contentsOfAStream_asAClientGatheredThem_areOneMessage() throws Exception {
        Conversation read = readCase("gemini-text-turns");
        assertThat(read.messages())
                .containsExactly(
                        new Message(
                                Role.SYSTEM,
                                List.of(
                                        new Part.Text("Be brief."),
                                        new Part.Text("Answer in German."))),
                        Message.user("Hi"),
                        Message.assistant("Hallo du"),
                        new Message(
                                Role.USER, List.of(new Part.Text("One"), new Part.Text("Two"))));
    }

    @Test
    void foreignSeal_inTheSignatureOfThoughts_isUnwrapped() throws Exception {
        Conversation read = readCase("gemini-foreign-seal-anthropic");
        Part.Reasoning reasoning = (Part.Reasoning) read.messages().get(1).parts().getFirst();
        assertThat(reasoning.text()).isEqualTo("I need a tool.");
        assertThat(reasoning.seal().orElseThrow().maker()).isEqualTo("anthropic-messages");
        assertThat(reasoning.seal().orElseThrow().value()).contains("\"EqQBsigned\"");
    }

    @Test
    void signatures_wrappedForTheirPlace_comeBackTheSame() {
        assertThat(Gemini.seal(Gemini.signature(FOREIGN))).contains(FOREIGN);
        assertThat(Gemini.seal(Gemini.signature(OWN))).contains(OWN);
        assertThat(Gemini.seal(Gemini.NO_SIGNATURE)).isEmpty();
        assertThat(Gemini.signature(FOREIGN)).matches("[A-Za-z0-9+/=]+");
        assertThat(Gemini.seal("cG9pbnRzbWFuL!")).contains(new Seal("gemini", "cG9pbnRzbWFuL!"));
    }

    @Test
    void allowedFunctions_ifSeveral_areTheOnlyOnesOffered() throws Exception {
        Conversation read = readCase("gemini-tool-choice-some");
        assertThat(read.toolChoice()).isEqualTo(new ToolChoice.Required());
        assertThat(read.tools())
                .extracting(tool -> tool.name().name())
                .containsExactly("weather", "time");
    }

    @Test
    void schema_ofGoogle_isJsonSchema() throws Exception {
        String schema = readCase("gemini-google-schema").tools().getFirst().schema();
        assertThat(schema)
                .isEqualTo(
                        "{\"type\":\"object\",\"properties\":{"
                            + "\"kind\":{\"type\":\"string\",\"enum\":[\"a\",\"b\"]},"
                            + "\"first\":{\"type\":[\"string\",\"null\"],\"maxLength\":20},"
                            + "\"days\":{\"type\":\"array\","
                            + "\"items\":{\"type\":\"string\",\"format\":\"date-time\"},"
                            + "\"minItems\":1},"
                            + "\"size\":{\"anyOf\":[{\"type\":\"integer\",\"format\":\"int32\"},"
                            + "{\"type\":\"number\"}]}},\"required\":[\"kind\"]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"contents\":[]}",
                "{\"contents\":\"Hi\"}",
                "{\"contents\":[{\"role\":\"assistant\",\"parts\":[{\"text\":\"Hi\"}]}]}",
                "{\"contents\":[{\"parts\":[\"Hi\"]}]}",
                "{\"contents\":[{\"parts\":[{\"functionCall\":{\"args\":{}}}]}]}",
                "{\"contents\":[{\"parts\":[{\"inlineData\":{\"data\":\"AAAA\"}}]}]}",
                "{" + HI + ",\"tools\":[{\"functionDeclarations\":[{}]}]}",
                "{" + HI + ",\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"MAYBE\"}}}",
                "{" + HI + ",\"generationConfig\":{\"topK\":\"many\"}}",
                "{" + HI + ",\"generationConfig\":{\"responseSchema\":\"x\"}}"
            })
    void request_thatIsNotTheFormats_isRefusedInWords(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(RequestException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"contents\":[1,null,[]],\"tools\":3,\"toolConfig\":[],"
                        + "\"generationConfig\":\"x\"}",
                "{\"contents\":[{\"parts\":[{\"text\":7,\"thought\":\"x\"}]}],"
                        + "\"systemInstruction\":5}",
                "{\"contents\":{\"role\":\"model\",\"parts\":{\"functionCall\":{\"name\":1,"
                        + "\"args\":[1]},\"thoughtSignature\":{}}}}",
                "{" + HI + ",\"tools\":[null,1,{\"functionDeclarations\":{\"name\":\"a\"}}]}"
            })
    void request_ofOddShapes_neverBreaksTheReader(String body) throws Exception {
        try {
            read(body);
        } catch (RequestException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    // ---- requests written

    @Test
    void results_inAnyOrder_followTheOrderOfTheirCalls() throws Exception {
        Conversation conversation =
                conversation(
                        Message.user("Hi"),
                        new Message(Role.ASSISTANT, List.of(new Part.Text("I look."))),
                        new Message(Role.ASSISTANT, List.of(call("a"), call("b"))),
                        new Message(
                                Role.USER, List.of(new Part.Text("Now"), text("b", "two", false))),
                        new Message(Role.USER, List.of(text("a", "{\"x\":1}", true))));
        JsonNode contents = write(conversation, model("gemini-2.5-flash")).path("contents");
        assertThat(contents).hasSize(4);
        assertThat(contents.at("/1/parts")).hasSize(3);
        assertThat(contents.at("/2/parts/0/functionResponse").toString())
                .isEqualTo(
                        "{\"id\":\"a\",\"name\":\"tool_a\","
                                + "\"response\":{\"error\":\"{\\\"x\\\":1}\"}}");
        assertThat(contents.at("/2/parts/1/functionResponse/response").toString())
                .isEqualTo("{\"result\":\"two\"}");
        assertThat(contents.at("/3/parts/0/text").asText()).isEqualTo("Now");
    }

    @Test
    void instructions_laterThanTheFirstMessage_standWhereTheyWereSaid() throws Exception {
        Conversation conversation =
                conversation(
                        new Message(Role.SYSTEM, List.of(new Part.Text("A"))),
                        new Message(Role.DEVELOPER, List.of(new Part.Text("B"))),
                        Message.user("Hi"),
                        new Message(Role.SYSTEM, List.of(new Part.Text("C"))));
        JsonNode body = write(conversation, model("gemini-2.5-flash"));
        assertThat(body.at("/systemInstruction/parts").toString())
                .isEqualTo("[{\"text\":\"A\"},{\"text\":\"B\"}]");
        assertThat(body.at("/contents/1").toString())
                .isEqualTo(
                        "{\"role\":\"user\",\"parts\":"
                                + "[{\"text\":\"<system>\\nC\\n</system>\"}]}");
    }

    @Test
    void instructions_thatAreAllThereIs_areWhatTheUserSays() throws Exception {
        Conversation conversation =
                conversation(new Message(Role.SYSTEM, List.of(new Part.Text("A"))));
        JsonNode body = write(conversation, model("gemini-2.5-flash"));
        assertThat(body.at("/contents/0/parts/0/text").asText()).isEqualTo("A");
        assertThat(body.has("systemInstruction")).isFalse();
    }

    @Test
    void signatures_ofGemini3_areGivenBackOrStoodInFor() throws Exception {
        Conversation conversation =
                conversation(
                        Message.user("Hi"),
                        new Message(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.Reasoning("foreign", Optional.of(FOREIGN)),
                                        new Part.Reasoning("unsealed", Optional.empty()),
                                        call("a"),
                                        call("b"))),
                        new Message(
                                Role.USER, List.of(text("a", "1", false), text("b", "2", false))),
                        new Message(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.Reasoning("own", Optional.of(OWN)),
                                        new Part.ToolCall(
                                                "c", ToolName.of("c"), "", Optional.of(OWN)))),
                        new Message(Role.USER, List.of(text("c", "3", false))),
                        new Message(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.Text("Done"),
                                        new Part.Reasoning("", Optional.of(OWN)))));
        WireRequest request =
                new GeminiRequestWriter().write(conversation, model("gemini-3.5-flash"), false);
        JsonNode contents = MAPPER.readTree(request.body().bytes()).path("contents");
        assertThat(request.dropped()).containsExactly("reasoning of another provider");
        assertThat(contents.at("/1/parts")).hasSize(2);
        assertThat(contents.at("/1/parts/0/thoughtSignature").asText())
                .isEqualTo("skip_thought_signature_validator");
        assertThat(contents.at("/1/parts/1").has("thoughtSignature")).isFalse();
        assertThat(contents.at("/3/parts/0").toString())
                .isEqualTo("{\"text\":\"own\",\"thought\":true,\"thoughtSignature\":\"c2lnbmVk\"}");
        assertThat(contents.at("/3/parts/1/thoughtSignature").asText()).isEqualTo("c2lnbmVk");
        assertThat(contents.at("/5/parts").toString())
                .isEqualTo("[{\"text\":\"Done\",\"thoughtSignature\":\"c2lnbmVk\"}]");

        JsonNode older = write(conversation, model("gemini-2.5-flash"));
        assertThat(older.at("/contents/1/parts/0").has("thoughtSignature")).isFalse();
    }

    @Test
    void turn_ofNothingButForeignReasoning_isLeftOut() throws Exception {
        Conversation conversation =
                conversation(
                        Message.user("Hi"),
                        new Message(
                                Role.ASSISTANT,
                                List.of(new Part.Reasoning("x", Optional.of(FOREIGN)))),
                        Message.user("Go on"));
        assertThat(write(conversation, model("gemini-2.5-flash")).path("contents")).hasSize(2);
    }

    @Test
    void arguments_thatAreNoObject_standInOne() throws Exception {
        for (String arguments : List.of("ls -l", "[1]", "{\"cut", "7")) {
            Conversation conversation =
                    conversation(
                            Message.user("Hi"),
                            new Message(
                                    Role.ASSISTANT,
                                    List.of(
                                            new Part.ToolCall(
                                                    "a",
                                                    ToolName.of("a"),
                                                    arguments,
                                                    Optional.empty()))));
            assertThat(
                            write(conversation, model("gemini-2.5-flash"))
                                    .at("/contents/1/parts/0/functionCall/args/input")
                                    .asText())
                    .isEqualTo(arguments);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash, NONE, thinkingBudget, 0",
        "gemini-2.5-flash, MAX, thinkingBudget, 24576",
        "gemini-2.5-flash-lite, MINIMAL, thinkingBudget, 512",
        "gemini-2.5-pro, NONE, thinkingBudget, 128",
        "gemini-2.5-pro, MAX, thinkingBudget, 32768",
        "gemini-3.5-flash, NONE, thinkingLevel, minimal",
        "gemini-3.5-flash, MEDIUM, thinkingLevel, medium",
        "gemini-3.5-flash, MAX, thinkingLevel, high",
        "gemini-3.1-pro-preview, NONE, thinkingLevel, low",
        "gemini-flash-latest, LOW, thinkingBudget, 2048"
    })
    void effort_ofEachGeneration_isAskedForItsWay(
            String model, Effort effort, String field, String value) throws Exception {
        Conversation conversation =
                new Conversation(
                        List.of(Message.user("Hi")),
                        List.of(),
                        new ToolChoice.Auto(),
                        new Output.Text(),
                        new Thinking(
                                Optional.of(effort), OptionalInt.empty(), false, Optional.of(true)),
                        Sampling.UNSAID);
        JsonNode config = write(conversation, model(model)).at("/generationConfig/thinkingConfig");
        assertThat(config.path(field).asText()).isEqualTo(value);
        assertThat(config.path("includeThoughts").asBoolean()).isTrue();
        assertThat(config).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash, 25",
        "models/gemini-3-pro-preview, 30",
        "Gemini-3.1-Pro, 31",
        "gemini-4-argon, 40",
        "gemini-flash-latest, 30",
        "gemini-2.0-flash, 20",
        "gemma-3, 0",
        "m, 0",
        "gemini-, 0"
    })
    void generation_ofAName_isTold(String id, int tenths) {
        assertThat(GeminiGeneration.of(Model.unknown("p", id)).tenths()).isEqualTo(tenths);
    }

    @Test
    void sampling_beyondWhatGeminiTakes_isCutAndNamed() throws Exception {
        Sampling sampling =
                new Sampling.Draft()
                        .maxTokens(1_000_000)
                        .temperature(2.5)
                        .seed(1L << 40)
                        .presencePenalty(0)
                        .stop(List.of("a", "b", "c", "d", "e", "f"))
                        .parallelTools(false)
                        .user("me")
                        .build();
        Conversation conversation =
                new Conversation(
                        List.of(Message.user("Hi")),
                        List.of(),
                        new ToolChoice.Auto(),
                        new Output.Text(),
                        Thinking.UNSAID,
                        sampling);
        WireRequest request =
                new GeminiRequestWriter().write(conversation, model("gemini-2.5-pro"), false);
        assertThat(request.dropped())
                .containsExactly(
                        "temperature above 2",
                        "seed",
                        "stop beyond the fifth",
                        "parallel_tool_calls",
                        "user");
        assertThat(MAPPER.readTree(request.body().bytes()).path("generationConfig").toString())
                .isEqualTo(
                        "{\"maxOutputTokens\":65536,\"temperature\":2.0,"
                                + "\"stopSequences\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}");
    }

    @Test
    void tools_allOfThemStrict_areValidated() throws Exception {
        Tool tool =
                new Tool(
                        new ToolName("9 lives", Optional.of("cats"), false),
                        Optional.of("d"),
                        "{\"type\":\"object\"}",
                        Optional.of(true));
        Conversation conversation =
                new Conversation(
                        List.of(Message.user("Hi")),
                        List.of(tool),
                        new ToolChoice.Auto(),
                        new Output.Text(),
                        Thinking.UNSAID,
                        Sampling.UNSAID);
        JsonNode body = write(conversation, model("gemini-2.5-flash"));
        assertThat(body.at("/toolConfig/functionCallingConfig/mode").asText())
                .isEqualTo("VALIDATED");
        assertThat(body.at("/tools/0/functionDeclarations/0/name").asText())
                .matches("cats__9_lives_[0-9a-f]{8}");
        assertThat(new GeminiRequestWriter().toolName(ToolName.of("9lives"))).isEqualTo("_9lives");
        assertThat(new GeminiRequestWriter().toolName(ToolName.of("é".repeat(80)))).hasSize(64);
    }

    @Test
    void obstacles_areToldInFewWords() {
        Part.Picture png = new Part.Picture(new Image.Data("image/png", "AAAA"));
        Part.Picture gif = new Part.Picture(new Image.Data("image/gif", "AAAA"));
        Part.Picture url = new Part.Picture(new Image.Url("https://example.org/a.png"));
        Part.File odd = new Part.File("", new Part.File.Data("AAAA"), Optional.of("a.xyz"));
        Part.ToolResult shown = new Part.ToolResult("a", List.of(png), false);
        Message asked = new Message(Role.ASSISTANT, List.of(call("a")));
        Message answered = new Message(Role.USER, List.of(shown));

        assertThat(obstacle("gemini-2.5-flash", asked, answered))
                .contains("no images in tool results");
        assertThat(obstacle("gemini-3.5-flash", asked, answered)).isEmpty();
        assertThat(obstacle("gemini-3.5-flash", answered))
                .contains("no result of a tool without its call");
        assertThat(obstacle("gemini-2.5-flash", user(gif))).contains("no GIF images");
        assertThat(obstacle("gemini-2.5-flash", user(url))).isEmpty();
        assertThat(obstacle("gemini-2.0-flash", user(url))).contains("no images by address");
        assertThat(obstacle("gemini-2.5-flash", user(odd))).contains("no files of unknown type");
        assertThat(obstacle("gemini-2.5-flash", new Message(Role.SYSTEM, List.of(png))))
                .contains("no images in instructions");
    }

    @Test
    void shapedAnswers_besideTools_needTheThirdGeneration() {
        Conversation conversation =
                new Conversation(
                        List.of(Message.user("Hi")),
                        List.of(
                                new Tool(
                                        ToolName.of("a"),
                                        Optional.empty(),
                                        "{}",
                                        Optional.empty())),
                        new ToolChoice.Auto(),
                        new Output.Json(),
                        Thinking.UNSAID,
                        Sampling.UNSAID);
        GeminiRequestWriter writer = new GeminiRequestWriter();
        assertThat(writer.obstacle(conversation, Model.unknown("p", "gemini-2.5-flash")))
                .contains("no answers in JSON beside tools");
        assertThat(writer.obstacle(conversation, Model.unknown("p", "gemini-3.5-flash"))).isEmpty();
    }

    // ---- answers

    @Test
    void answer_withToolsAndReasoning_givesTheEventsOfAStream() throws Exception {
        List<AnswerEvent> events = answerCase("gemini-answer-tools");
        assertThat(events.subList(0, 4))
                .containsExactly(
                        new AnswerEvent.Begun("gemini-2.5-flash"),
                        new AnswerEvent.Reasoning("I need a tool."),
                        new AnswerEvent.Text("I look."),
                        new AnswerEvent.ToolCall(
                                0,
                                ((AnswerEvent.ToolCall) events.get(3)).id(),
                                ToolName.of("weather"),
                                Optional.of(new Seal("gemini", "c2lnbmVkIGJ5IGdvb2dsZQ=="))));
        assertThat(events)
                .contains(
                        new AnswerEvent.ToolArguments(0, "{\"city\":\"Bern\",\"days\":[1,2.5]}"),
                        new AnswerEvent.ToolArguments(2, "{}"),
                        new AnswerEvent.Tokens(new Usage(20, 42, 100, 0, 12, false)),
                        new AnswerEvent.Stopped(Stop.TOOL_CALLS));
        assertThat(events.getLast()).isEqualTo(new AnswerEvent.End());
        assertThat(events).isEqualTo(answerCase("gemini-answer-tools"));
    }

    @Test
    void grounding_inBytes_isCitedInCharacters() throws Exception {
        String text = "Grüße. Es schneit \uD83D\uDE80. Ende";
        int from = text.indexOf("Es");
        int to = text.indexOf(". Ende");
        List<Citation> whole = citations(answerCase("gemini-answer-grounded"));
        assertThat(whole)
                .containsExactly(
                        cited("https://example.org/a", Optional.of("example.org"), from, to),
                        cited("https://example.org/b", Optional.of("other"), from, to),
                        new Citation(
                                "https://example.org/c",
                                Optional.empty(),
                                Optional.empty(),
                                OptionalInt.empty(),
                                OptionalInt.empty()));
        assertThat(citations(streamCase("gemini-stream-grounded"))).isEqualTo(whole);
    }

    private static Citation cited(String url, Optional<String> title, int from, int to) {
        return new Citation(url, title, Optional.empty(), OptionalInt.of(from), OptionalInt.of(to));
    }

    private static List<Citation> citations(List<AnswerEvent> events) {
        return events.stream()
                .filter(AnswerEvent.Cited.class::isInstance)
                .map(event -> ((AnswerEvent.Cited) event).citation())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-answer-refused, REFUSAL",
        "gemini-answer-blocked, REFUSAL",
        "gemini-answer-cut, MAX_TOKENS",
        "gemini-answer-grounded, END"
    })
    void answer_ended_saysWhy(String name, Stop stop) throws Exception {
        assertThat(answerCase(name)).contains(new AnswerEvent.Stopped(stop));
    }

    @Test
    void contentOfOtherKinds_isNamed() throws Exception {
        assertThat(answerCase("gemini-answer-image"))
                .contains(
                        new AnswerEvent.Other("inlineData"),
                        new AnswerEvent.Other("executableCode"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"candidates\":[{\"content\":{\"parts\":[1,null,{},[],{\"text\":5},"
                        + "{\"functionCall\":7},{\"functionCall\":{\"name\":\"a\",\"args\":3}}]},"
                        + "\"finishReason\":4,\"groundingMetadata\":[],"
                        + "\"citationMetadata\":{\"citations\":3}}],"
                        + "\"usageMetadata\":{\"promptTokenCount\":-5}}",
                "{\"candidates\":[{\"content\":{\"parts\":{\"text\":\"x\"}},"
                        + "\"logprobsResult\":{\"chosenCandidates\":[1,{\"logProbability\":3}]},"
                        + "\"groundingMetadata\":{\"groundingSupports\":[{\"segment\":"
                        + "{\"startIndex\":-4,\"endIndex\":999,\"partIndex\":9},"
                        + "\"groundingChunkIndices\":[77,\"x\"]}]}}]}"
            })
    void answer_ofOddShapes_neverBreaksTheReader(String body) throws Exception {
        List<AnswerEvent> events = new ArrayList<>();
        Format.GEMINI.codec().read(body.getBytes(StandardCharsets.UTF_8), events::add);
        assertThat(events.getLast()).isEqualTo(new AnswerEvent.End());
    }

    @Test
    void stream_thatFails_saysSo() throws Exception {
        assertThat(streamCase("gemini-stream-error").getLast())
                .isInstanceOfSatisfying(
                        AnswerEvent.Failed.class,
                        failed ->
                                assertThat(failed.failure())
                                        .isInstanceOf(Failure.Overloaded.class));
    }

    @Test
    void signature_behindATextInAStream_sealsIt() throws Exception {
        assertThat(streamCase("gemini-stream-signed-end"))
                .contains(new AnswerEvent.Text("snows."), new AnswerEvent.Sealed(OWN));
    }

    @Test
    void answer_written_givesBackWhatItSays() throws Exception {
        FullAnswer answer =
                new FullAnswer(
                        "m",
                        List.of(
                                new Part.Reasoning("Hm", Optional.of(FOREIGN)),
                                new Part.Text("Grüße \uD83D\uDE80 an"),
                                new Part.ToolCall(
                                        "c1", ToolName.of("a"), "{\"x\":1}", Optional.of(OWN))),
                        List.of(cited("https://example.org", Optional.of("t"), 6, 8)),
                        List.of(
                                new TokenLikelihood(
                                        "Gr",
                                        -0.5,
                                        List.of(new TokenLikelihood("Hi", -1, List.of())))),
                        Stop.TOOL_CALLS,
                        new Usage(1, 5, 2, 0, 3, false));
        byte[] whole = new GeminiAnswerWriter().whole(answer, FRAME);
        assertThat(MAPPER.readTree(whole).path("responseId").asText()).isEqualTo("f1");
        assertThat(gathered(events(whole))).isEqualTo(answer);

        Pieces out = new Pieces();
        play(answer, new GeminiAnswerWriter().stream(FRAME, out));
        byte[] stream = out.take();
        assertThat(gathered(stream(stream))).isEqualTo(answer);
        assertThat(new String(stream, StandardCharsets.UTF_8).split("finishReason")).hasSize(2);
    }

    @Test
    void sealOfAnother_inAStream_standsAtThePartBehindTheReasoningAndIsReadThere()
            throws Exception {
        FullAnswer answer =
                new FullAnswer(
                        "m",
                        List.of(
                                new Part.Reasoning("Hm", Optional.of(FOREIGN)),
                                new Part.Text("Done"),
                                new Part.Reasoning("", Optional.of(FOREIGN)),
                                call("c1")),
                        List.of(),
                        List.of(),
                        Stop.TOOL_CALLS,
                        Usage.of(1, 1));
        Pieces out = new Pieces();
        play(answer, new GeminiAnswerWriter().stream(FRAME, out));
        ObjectNode request = MAPPER.createObjectNode();
        ArrayNode parts =
                request.putArray("contents").addObject().put("role", "model").putArray("parts");
        for (String line : new String(out.take(), StandardCharsets.UTF_8).split("\n")) {
            if (line.startsWith("data: ")) {
                JsonNode chunk = MAPPER.readTree(line.substring("data: ".length()));
                chunk.at("/candidates/0/content/parts")
                        .forEach(part -> {
                            assertThat(part.toString()).doesNotContain("\"text\":\"\",\"thought");
                            parts.add(part);
                        });
            }
        }
        assertThat(read(request).messages().getFirst().parts())
                .startsWith(
                        new Part.Reasoning("Hm", Optional.of(FOREIGN)),
                        new Part.Text("Done"),
                        new Part.Reasoning("", Optional.of(FOREIGN)));
    }

    @Test
    void answer_withoutUsage_hasNone() throws Exception {
        FullAnswer answer =
                new FullAnswer(
                        "",
                        List.of(new Part.Refusal("I cannot.")),
                        List.of(),
                        List.of(),
                        Stop.REFUSAL,
                        Usage.NONE.asEstimate());
        JsonNode json = MAPPER.readTree(new GeminiAnswerWriter().whole(answer, FRAME));
        assertThat(json.has("usageMetadata")).isFalse();
        assertThat(json.at("/candidates/0/finishReason").asText()).isEqualTo("SAFETY");
        assertThat(json.at("/candidates/0/content/parts/0/text").asText()).isEqualTo("I cannot.");
        assertThat(json.path("modelVersion").asText()).isEqualTo("frame-model");
    }

    private static void play(FullAnswer answer, BlockSink sink) {
        sink.begin(answer.model(), Usage.NONE);
        for (Part part : answer.parts()) {
            switch (part) {
                case Part.Reasoning thought -> {
                    sink.open(new Block.Reasoning());
                    Pieces.of(thought.text()).forEach(sink::piece);
                    sink.close(thought.seal());
                }
                case Part.Text text -> {
                    sink.open(new Block.Text());
                    Pieces.of(text.text()).forEach(sink::piece);
                    answer.citations().forEach(sink::cite);
                    sink.likelihoods(answer.likelihoods());
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
    }

    /** Citations of a stream may come behind a call; what is gathered is without empty texts. */
    private static FullAnswer gathered(List<AnswerEvent> events) {
        AnswerGatherer gatherer = new AnswerGatherer();
        Blocks blocks = new Blocks(gatherer, "", name -> name);
        events.forEach(blocks);
        FullAnswer answer = gatherer.answer();
        return new FullAnswer(
                answer.model(),
                answer.parts().stream().filter(part -> !part.equals(new Part.Text(""))).toList(),
                answer.citations(),
                answer.likelihoods(),
                answer.stop(),
                answer.usage());
    }

    @Test
    void citations_besideASignatureOrACall_makeNoTextOfTheirOwn() throws Exception {
        String grounding =
                "\"groundingMetadata\":{\"groundingChunks\":"
                        + "[{\"web\":{\"uri\":\"https://example.org\"}}]}";
        String parts =
                "{\"text\":\"It snows.\",\"thoughtSignature\":\"c2lnbmVk\"},"
                        + "{\"functionCall\":{\"id\":\"a\",\"name\":\"tool_a\"}}";
        String body =
                "{\"candidates\":[{\"content\":{\"parts\":["
                        + parts
                        + "]},\"finishReason\":\"STOP\","
                        + grounding
                        + "}]}";
        AnswerGatherer gatherer = new AnswerGatherer();
        events(body.getBytes(StandardCharsets.UTF_8))
                .forEach(new Blocks(gatherer, "", name -> name));
        assertThat(gatherer.answer().citations()).hasSize(1);
        assertThat(gatherer.answer().parts())
                .containsExactly(
                        new Part.Text("It snows."),
                        new Part.Reasoning("", Optional.of(OWN)),
                        call("a"));
    }

    // ---- what the tests are made of

    private static Part.ToolCall call(String id) {
        return new Part.ToolCall(id, ToolName.of("tool_" + id), "{}", Optional.empty());
    }

    private static Part.ToolResult text(String id, String text, boolean error) {
        return new Part.ToolResult(id, List.of(new Part.Text(text)), error);
    }

    private static Message user(Part part) {
        return new Message(Role.USER, List.of(part));
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

    private static Optional<String> obstacle(String model, Message... messages) {
        return new GeminiRequestWriter()
                .obstacle(conversation(messages), Model.unknown("google", model));
    }

    private static JsonNode write(Conversation conversation, Model model) throws IOException {
        return MAPPER.readTree(
                new GeminiRequestWriter().write(conversation, model, false).body().bytes());
    }

    private static Conversation read(String body) throws Exception {
        return read(MAPPER.readTree(body));
    }

    private static Conversation read(JsonNode body) throws Exception {
        return new GeminiRequestReader().read(body, path -> {});
    }

    private static Conversation readCase(String name) throws Exception {
        return read(Files.readString(CASES.resolve(name + "/request.gemini.json")));
    }

    private static List<AnswerEvent> answerCase(String name) throws Exception {
        return events(Files.readAllBytes(CASES.resolve(name + "/answer.gemini.json")));
    }

    private static List<AnswerEvent> events(byte[] body) throws ProtocolException {
        List<AnswerEvent> events = new ArrayList<>();
        Format.GEMINI.codec().read(body, events::add);
        return events;
    }

    private static List<AnswerEvent> streamCase(String name) throws Exception {
        return stream(Files.readAllBytes(CASES.resolve(name + "/stream.gemini.sse")));
    }

    private static List<AnswerEvent> stream(byte[] bytes) throws ProtocolException {
        List<ServerSentEvent> read = new ArrayList<>();
        new SseDecoder().feed(bytes, read::add);
        StreamReader reader = Format.GEMINI.codec().stream();
        List<AnswerEvent> events = new ArrayList<>();
        for (ServerSentEvent event : read) {
            reader.read(event, events::add);
        }
        reader.close(events::add);
        return events;
    }

    private static Model model(String id) {
        return Catalog.builtIn().find("google", id).orElseGet(() -> Model.unknown("google", id));
    }
}

package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Image;
import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Output;
import dev.pointsman.core.Part;
import dev.pointsman.core.Sampling;
import dev.pointsman.core.Seal;
import dev.pointsman.core.Thinking;
import dev.pointsman.core.Thinking.Effort;
import dev.pointsman.core.Tool;
import dev.pointsman.core.ToolChoice;
import dev.pointsman.core.ToolName;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/** Requests in Anthropic's format: what is read of them, and what is written for each model. */
class AnthropicFormatTest {

    private static final String LABEL = Format.ANTHROPIC_MESSAGES.label();
    private static final Seal OWN =
            new Seal(LABEL, "{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\"c2ln\"}");
    private static final Seal FOREIGN = new Seal("gemini", "abc");

    /** Fields with a place in a conversation that a format or two have none for. */
    private static final Set<String> PLACED =
            Set.of(
                    "messages.content(thinking).thinking",
                    "messages.content(thinking).signature",
                    "messages.content(redacted_thinking).data");

    // requests read

    @Test
    void fields_ofEverySample_areReadOrNamed() throws Exception {
        for (FieldTable.Row row : FieldTable.KNOWN.rows()) {
            if (row.format() != Format.ANTHROPIC_MESSAGES || row.sample().isEmpty()) {
                continue;
            }
            ObjectNode body = (ObjectNode) Json.read(minimal());
            body.setAll((ObjectNode) Json.read(row.sample()));
            List<String> left = new ArrayList<>();
            Format.ANTHROPIC_MESSAGES.requestReader().read(body, left::add);
            boolean placed =
                    PLACED.contains(row.path())
                            || row.fates().entrySet().stream()
                                    .anyMatch(fate ->
                                            fate.getKey() != row.format()
                                                    && fate.getValue()
                                                            instanceof FieldTable.Fate.Carried);
            assertThat(left.contains(row.path())).as(row.path()).isEqualTo(!placed);
            assertThat(left)
                    .as(row.path())
                    .allMatch(path -> FieldTable.KNOWN.row(row.format(), path).isPresent());
        }
    }

    @Test
    void documents_thatAreTexts_becomeTextsWithTheirTitles() throws Exception {
        Conversation read =
                read(
                        """
                        {"messages":[{"role":"user","content":[
                          {"type":"document","title":"A \\"b\\"","context":"old",
                           "source":{"type":"text","media_type":"text/plain","data":"one"}},
                          {"type":"document","title":"C",
                           "source":{"type":"content","content":[
                             {"type":"text","text":"two"},
                             {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}},
                          {"type":"search_result","source":"https://e.org","title":"D",
                           "content":[{"type":"text","text":"three"}]}]}]}
                        """);
        assertThat(read.messages().getFirst().parts())
                .containsExactly(
                        text("<document title=\"A 'b'\" context=\"old\">\none\n</document>"),
                        text("<document title=\"C\">\ntwo"),
                        new Part.Picture(new Image.Data("image/png", "AAAA")),
                        text("\n</document>"),
                        text(
                                "<search_result source=\"https://e.org\" title=\"D\">\nthree\n"
                                        + "</search_result>"));
    }

    @Test
    void seals_ofOthers_areUnwrappedFromSignaturesAndIds() throws Exception {
        String id = Seals.id("call_1", Optional.of(FOREIGN));
        Seal openAi = new Seal("openai-responses", "{\"type\":\"reasoning\"}");
        Conversation read =
                read(
                        """
                        {"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[
                          {"type":"thinking","thinking":"Hm","signature":"%s"},
                          {"type":"thinking","thinking":"Hm","signature":"c2ln"},
                          {"type":"thinking","thinking":"unsigned","signature":""},
                          {"type":"tool_use","id":"%s","name":"look","input":{"a":1.5}}]},
                         {"role":"user","content":[{"type":"tool_result","tool_use_id":"%s","content":"x"}]}]}
                        """
                                .formatted(Seals.wrapped(openAi), id, id));
        assertThat(read.messages().get(1).parts())
                .containsExactly(
                        new Part.Reasoning("Hm", Optional.of(openAi)),
                        new Part.Reasoning("Hm", Optional.of(OWN)),
                        new Part.Reasoning("unsigned", Optional.empty()),
                        new Part.ToolCall(
                                "call_1",
                                ToolName.of("look"),
                                "{\"a\":1.5}",
                                Optional.of(FOREIGN)));
        assertThat(read.messages().get(2).parts())
                .containsExactly(new Part.ToolResult("call_1", List.of(text("x")), false));
    }

    @Test
    void emptyMessages_areNoMessages() throws Exception {
        Conversation read =
                read(
                        """
                        {"system":"","messages":[{"role":"user","content":"Hi"},
                          {"role":"assistant","content":[]},{"role":"assistant","content":""},
                          {"role":"user","content":[{"type":"text","text":"Go"}]}]}
                        """);
        assertThat(read.messages()).containsExactly(Message.user("Hi"), Message.user("Go"));
    }

    @Test
    void request_thatIsNotTheFormats_isRefusedWithoutItsText() {
        for (String body :
                List.of(
                        "{}",
                        "{\"messages\":\"secret\"}",
                        "{\"messages\":[\"secret\"]}",
                        "{\"messages\":[{\"role\":\"secret\",\"content\":\"x\"}]}",
                        "{\"messages\":[{\"role\":\"user\",\"content\":5}]}",
                        "{\"messages\":[{\"role\":\"user\",\"content\":[\"secret\"]}]}",
                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":"
                            + "{\"type\":\"url\",\"url\":\"ftp://secret\"}}]}]}",
                        "{\"messages\":[],\"temperature\":\"secret\"}",
                        "{\"messages\":[],\"tool_choice\":{\"type\":\"secret\"}}",
                        "{\"messages\":[],\"tools\":[{\"input_schema\":{}}]}")) {
            assertThatThrownBy(() -> read(body))
                    .as(body)
                    .isInstanceOf(RequestException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void anyJson_isReadOrRefused_neverMore() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<JsonNode> samples = new ArrayList<>();
        for (FieldTable.Row row : FieldTable.KNOWN.rows()) {
            if (row.format() == Format.ANTHROPIC_MESSAGES && !row.sample().isEmpty()) {
                samples.add(Json.read(row.sample()));
            }
        }
        for (int i = 0; i < 20_000; i++) {
            JsonNode body = samples.get(random.nextInt(samples.size())).deepCopy();
            spoil(body, random);
            try {
                Conversation read =
                        Format.ANTHROPIC_MESSAGES.requestReader().read(body, path -> {});
                if (writer().obstacle(read, Model.unknown("p", "m")).isEmpty()) {
                    writer().write(read, Model.unknown("p", "m"), false);
                }
            } catch (RequestException e) {
                assertThat(e).hasMessageNotContaining("null");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + body, e);
            }
        }
    }

    // requests written

    @Test
    void conversation_writtenAndReadAgain_isTheSame() throws Exception {
        Conversation said =
                new Conversation(
                        List.of(
                                new Message(Role.SYSTEM, List.of(text("Be brief."))),
                                new Message(
                                        Role.USER,
                                        List.of(
                                                text("Look"),
                                                new Part.Picture(
                                                        new Image.Data("image/png", "AAAA")),
                                                new Part.File(
                                                        "application/pdf",
                                                        new Part.File.Data("JVBERi0="),
                                                        Optional.of("T")),
                                                new Part.File(
                                                        "application/pdf",
                                                        new Part.File.Url("https://e.org/a.pdf"),
                                                        Optional.empty()))),
                                new Message(
                                        Role.ASSISTANT,
                                        List.of(
                                                new Part.Reasoning("Hm", Optional.of(OWN)),
                                                text("I look."),
                                                call("a", "{\"at\":[1,2.5]}"),
                                                call("b", "{}"))),
                                new Message(
                                        Role.USER,
                                        List.of(
                                                new Part.ToolResult(
                                                        "a",
                                                        List.of(
                                                                text("x"),
                                                                new Part.Picture(
                                                                        new Image.Data(
                                                                                "image/gif",
                                                                                "BBBB"))),
                                                        false),
                                                new Part.ToolResult(
                                                        "b", List.of(text("failed")), true),
                                                new Part.ToolResult("c", List.of(), false),
                                                text("Go on")))),
                        List.of(
                                new Tool(
                                        ToolName.of("look"),
                                        Optional.of("Looks"),
                                        "{\"type\":\"object\",\"properties\":{}}",
                                        Optional.of(true))),
                        new ToolChoice.Auto(),
                        new Output.Schema(
                                Optional.empty(),
                                Optional.empty(),
                                "{\"type\":\"object\"}",
                                Optional.of(true)),
                        new Thinking(
                                Optional.empty(), OptionalInt.of(2_000), false, Optional.of(true)),
                        new Sampling.Draft()
                                .maxTokens(4_000)
                                .stop(List.of("END"))
                                .parallelTools(false)
                                .user("u")
                                .build());
        WireRequest request = writer().write(said, claude("claude-sonnet-4-5"), true);
        assertThat(request.dropped()).isEmpty();
        assertThat(read(new String(request.body().bytes(), StandardCharsets.UTF_8)))
                .isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-4-8, true",
        "claude-sonnet-5, true",
        "claude-fable-5, true",
        "claude-opus-4-7, false",
        "claude-haiku-4-5-20251001, false",
        "eu.anthropic.claude-opus-4-8, false",
        "kimi-k3, false"
    })
    void instructionsBetweenTurns_standThereWhereTheModelTakesThem(String id, boolean inside)
            throws Exception {
        JsonNode body =
                write(
                        of(
                                system("First."),
                                Message.user("Hi"),
                                new Message(Role.DEVELOPER, List.of(text("Now in French.")))),
                        claude(id));
        assertThat(body.path("system").asText()).isEqualTo("First.");
        if (inside) {
            assertThat(body.path("messages"))
                    .isEqualTo(
                            Json.read(
                                    "[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"system\",\"content\":\"Now"
                                        + " in French.\"}]"));
        } else {
            assertThat(body.path("messages").toString())
                    .isEqualTo(
                            "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"},"
                                    + "{\"type\":\"text\",\"text\":\"<system-reminder>\\nNow in"
                                    + " French.\\n</system-reminder>\"}]}]");
        }
    }

    @Test
    void instructionsWhereNoSystemMessageMayStand_areToldByTheUser() throws Exception {
        JsonNode messages =
                write(
                                of(
                                        Message.user("Hi"),
                                        Message.assistant("Hello"),
                                        system("After the answer."),
                                        Message.user("A"),
                                        system("Between."),
                                        Message.user("B")),
                                claude("claude-opus-4-8"))
                        .path("messages");
        assertThat(roles(messages)).containsExactly("user", "assistant", "user");
        assertThat(messages.at("/2/content").findValuesAsText("text"))
                .containsExactly(
                        "<system-reminder>\nAfter the answer.\n</system-reminder>",
                        "A",
                        "<system-reminder>\nBetween.\n</system-reminder>",
                        "B");
    }

    @Test
    void results_standFirstInTheirTurn_andBlankTextsNowhere() throws Exception {
        JsonNode messages =
                write(
                                of(
                                        Message.user("Hi"),
                                        new Message(
                                                Role.ASSISTANT,
                                                List.of(text(" "), call("a", "oops"))),
                                        Message.user("And?"),
                                        new Message(
                                                Role.USER,
                                                List.of(
                                                        new Part.ToolResult(
                                                                "a",
                                                                List.of(
                                                                        text("no"),
                                                                        new Part.Picture(
                                                                                new Image.Data(
                                                                                        "image/png",
                                                                                        "AAAA"))),
                                                                true)))),
                                claude("claude-sonnet-4-5"))
                        .path("messages");
        assertThat(messages.at("/1/content/0/input")).isEqualTo(Json.read("{\"input\":\"oops\"}"));
        assertThat(messages.at("/1/content")).hasSize(1);
        assertThat(messages.at("/2/content").findValuesAsText("type"))
                .containsSubsequence("tool_result", "text", "image");
        assertThat(messages.at("/2/content/0/content").asText()).isEqualTo("no");
    }

    @Test
    void ids_theFormatDoesNotTake_areTheSameForCallAndResult() throws Exception {
        JsonNode messages =
                write(
                                of(
                                        Message.user("Hi"),
                                        new Message(
                                                Role.ASSISTANT,
                                                List.of(call("functions.look:0", "{}"))),
                                        new Message(
                                                Role.USER,
                                                List.of(
                                                        new Part.ToolResult(
                                                                "functions.look:0",
                                                                List.of(text("x")),
                                                                false)))),
                                claude("claude-sonnet-4-5"))
                        .path("messages");
        assertThat(messages.at("/1/content/0/id").asText())
                .matches("[a-zA-Z0-9_-]+")
                .isEqualTo(messages.at("/2/content/0/tool_use_id").asText());
    }

    @Test
    void reasoningOfOthers_isNamed_andLeavesNoEmptyTurn() throws Exception {
        Conversation said =
                of(
                        Message.user("Hi"),
                        new Message(
                                Role.ASSISTANT,
                                List.of(new Part.Reasoning("Hm", Optional.of(FOREIGN)))),
                        Message.user("Well?"));
        WireRequest request = writer().write(said, claude("claude-sonnet-4-5"), false);
        assertThat(request.dropped()).containsExactly("reasoning of another provider");
        assertThat(roles(Json.read(request.body().bytes()).path("messages")))
                .containsExactly("user");
    }

    @Test
    void systemAlone_isAskedByTheUser() throws Exception {
        JsonNode body = write(of(system("Say hi.")), claude("claude-sonnet-4-5"));
        assertThat(body.has("system")).isFalse();
        assertThat(body.at("/messages/0/content").asText()).isEqualTo("Say hi.");
    }

    @ParameterizedTest
    @CsvSource({
        // model, effort, limit, thinking, effort said, limit said, dropped
        "claude-3-5-sonnet-20241022, HIGH, 4000, '', '', 4000, reasoning_effort",
        "claude-3-7-sonnet-20250219, HIGH, 4000, enabled:2000, '', 4000, ''",
        "claude-sonnet-4-5, LOW, 500, enabled:1024, '', 1524, ''",
        "claude-sonnet-4-5, XHIGH, 64000, enabled:32000, '', 64000, ''",
        "claude-sonnet-4-5, NONE, 500, '', '', 500, ''",
        "claude-opus-4-6, XHIGH, 500, adaptive, high, 500, ''",
        "claude-opus-4-6, MAX, 500, adaptive, max, 500, ''",
        "claude-opus-4-6, NONE, 500, '', '', 500, ''",
        "claude-opus-4-7, XHIGH, 500, adaptive, xhigh, 500, ''",
        "claude-sonnet-5, MINIMAL, 500, adaptive, low, 500, ''",
        "claude-sonnet-5, NONE, 500, disabled, '', 500, ''",
        "claude-fable-5, NONE, 500, '', low, 500, reasoning_effort",
        "claude-opus-5-5, NONE, 500, '', low, 500, reasoning_effort",
        "claude-haiku-latest, MEDIUM, 500, adaptive, medium, 500, ''",
        "glm-6, MEDIUM, 20000, enabled:8192, '', 20000, ''",
        "glm-6, NONE, 500, disabled, '', 500, ''"
    })
    void effort_isSaidInEachGenerationsWords(
            String id,
            Effort effort,
            int limit,
            String thinking,
            String said,
            int limitSaid,
            String dropped)
            throws Exception {
        Thinking wanted =
                new Thinking(Optional.of(effort), OptionalInt.empty(), false, Optional.empty());
        WireRequest request =
                writer().write(with(wanted, limit, new ToolChoice.Auto()), claude(id), false);
        JsonNode body = Json.read(request.body().bytes());
        String budget = body.at("/thinking/budget_tokens").asText("");
        assertThat(body.at("/thinking/type").asText("") + (budget.isEmpty() ? "" : ":" + budget))
                .isEqualTo(thinking);
        assertThat(body.at("/output_config/effort").asText("")).isEqualTo(said);
        assertThat(body.path("max_tokens").asInt()).isEqualTo(limitSaid);
        assertThat(String.join(",", request.dropped())).isEqualTo(dropped);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-sonnet-4-5, 2000, 4000, 2000, 4000",
        "claude-sonnet-4-5, 100, 4000, 1024, 4000",
        "claude-sonnet-4-5, 8000, 1000, 8000, 9000",
        "claude-sonnet-4-5, 90000, 1000, 63000, 64000"
    })
    void budget_fitsUnderTheLimit(String id, int budget, int limit, int said, int limitSaid)
            throws Exception {
        Thinking wanted =
                new Thinking(Optional.empty(), OptionalInt.of(budget), false, Optional.empty());
        JsonNode body = write(with(wanted, limit, new ToolChoice.Auto()), claude(id));
        assertThat(body.at("/thinking/budget_tokens").asInt()).isEqualTo(said);
        assertThat(body.path("max_tokens").asInt()).isEqualTo(limitSaid);
    }

    @Test
    void budget_isThinkingThatIsShownUnlessSaidOtherwise() throws Exception {
        String request =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"thinking\":{%s}}";
        String budget = "\"type\":\"enabled\",\"budget_tokens\":2000";
        assertThat(read(request.formatted(budget)).thinking().shown()).contains(true);
        assertThat(read(request.formatted(budget + ",\"display\":\"omitted\"")).thinking().shown())
                .contains(false);
        assertThat(read(request.formatted("\"type\":\"adaptive\"")).thinking().shown()).isEmpty();
    }

    @Test
    void thinking_givesWayToAForcedTool() throws Exception {
        Thinking wanted =
                new Thinking(
                        Optional.of(Effort.HIGH), OptionalInt.empty(), false, Optional.empty());
        for (String id : List.of("claude-sonnet-4-5", "claude-opus-4-6", "claude-sonnet-5")) {
            WireRequest request =
                    writer().write(
                                    with(wanted, 4_000, new ToolChoice.Required()),
                                    claude(id),
                                    false);
            JsonNode body = Json.read(request.body().bytes());
            assertThat(request.dropped()).containsExactly("reasoning_effort");
            assertThat(body.at("/thinking/type").asText(""))
                    .isEqualTo(id.equals("claude-sonnet-5") ? "disabled" : "");
            assertThat(body.at("/tool_choice/type").asText()).isEqualTo("any");
        }
        assertThat(
                        writer().obstacle(
                                        with(wanted, 4_000, new ToolChoice.Required()),
                                        claude("claude-opus-5-5")))
                .contains("no forced tool calls");
    }

    @Test
    void loopOfTools_withoutSealedThinking_goesOnWithoutThinking() throws Exception {
        Thinking wanted =
                new Thinking(
                        Optional.of(Effort.HIGH), OptionalInt.empty(), false, Optional.empty());
        for (boolean sealed : List.of(true, false)) {
            List<Part> turn = new ArrayList<>();
            if (sealed) {
                turn.add(new Part.Reasoning("Hm", Optional.of(OWN)));
            }
            turn.add(call("a", "{}"));
            Conversation said =
                    with(
                            wanted,
                            4_000,
                            new ToolChoice.Auto(),
                            Message.user("Hi"),
                            new Message(Role.ASSISTANT, turn),
                            new Message(
                                    Role.USER,
                                    List.of(new Part.ToolResult("a", List.of(text("x")), false))));
            WireRequest old = writer().write(said, claude("claude-sonnet-4-5"), false);
            assertThat(Json.read(old.body().bytes()).has("thinking")).isEqualTo(sealed);
            assertThat(old.dropped().contains("reasoning_effort")).isEqualTo(!sealed);
            assertThat(write(said, claude("claude-opus-4-6")).at("/thinking/type").asText())
                    .isEqualTo("adaptive");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "user; seal+call; result; call; result, true",
        "user; call; result; seal+call; result, false",
        "user; call; result; user, false",
        "user; call; result; say; user, true",
        "user; call; result; say; user; seal+call; result; user, true",
        "user, true",
        "call; result, false"
    })
    void thinking_inALoop_isAskedForIfTheLoopBeganWithIt(String turns, boolean thinks)
            throws Exception {
        List<Message> messages = new ArrayList<>();
        for (String turn : turns.split("; ")) {
            messages.add(
                    switch (turn) {
                        case "seal+call" ->
                                new Message(
                                        Role.ASSISTANT,
                                        List.of(
                                                new Part.Reasoning("Hm", Optional.of(OWN)),
                                                call("a", "{}")));
                        case "call" -> new Message(Role.ASSISTANT, List.of(call("a", "{}")));
                        case "say" -> Message.assistant("So.");
                        case "result" ->
                                new Message(
                                        Role.USER,
                                        List.of(
                                                new Part.ToolResult(
                                                        "a", List.of(text("x")), false)));
                        default -> Message.user("Hi");
                    });
        }
        Thinking wanted =
                new Thinking(
                        Optional.of(Effort.HIGH), OptionalInt.empty(), false, Optional.empty());
        Conversation said =
                with(wanted, 4_000, new ToolChoice.Auto(), messages.toArray(Message[]::new));
        assertThat(write(said, claude("claude-sonnet-4-5")).has("thinking")).isEqualTo(thinks);
    }

    @Test
    void sampling_isWhatTheModelTakes() throws Exception {
        Sampling all =
                new Sampling.Draft()
                        .temperature(1.5)
                        .topP(0.5)
                        .topK(5)
                        .seed(1)
                        .presencePenalty(0.5)
                        .frequencyPenalty(0)
                        .likelihoods(2)
                        .stop(List.of("END", "\n"))
                        .user("u".repeat(300))
                        .build();
        WireRequest older =
                writer().write(sampled(all), claude("claude-3-5-sonnet-20241022"), false);
        assertThat(older.dropped())
                .containsExactly(
                        "temperature above 1",
                        "blank stop",
                        "user",
                        "presence_penalty",
                        "seed",
                        "logprobs");
        JsonNode body = Json.read(older.body().bytes());
        assertThat(body.path("temperature").asDouble()).isEqualTo(1);
        assertThat(body.path("top_p").asDouble()).isEqualTo(0.5);
        assertThat(body.path("top_k").asInt()).isEqualTo(5);
        assertThat(body.path("max_tokens").asInt()).isEqualTo(8_192);
        assertThat(body.path("stop_sequences")).isEqualTo(Json.read("[\"END\"]"));
        assertThat(writer().write(sampled(all), claude("claude-sonnet-4-5"), false).dropped())
                .contains("temperature above 1", "top_p")
                .doesNotContain("top_k");
        assertThat(writer().write(sampled(all), claude("claude-opus-4-8"), false).dropped())
                .contains("temperature", "top_p", "top_k");
    }

    @Test
    void maxTokens_unsaidOrBeyondTheModel_areThoseItHas() throws Exception {
        assertThat(
                        write(of(Message.user("Hi")), claude("claude-sonnet-4-5"))
                                .path("max_tokens")
                                .asInt())
                .isEqualTo(32_000);
        assertThat(
                        write(of(Message.user("Hi")), Model.unknown("p", "m"))
                                .path("max_tokens")
                                .asInt())
                .isEqualTo(8_192);
        assertThat(
                        write(
                                        sampled(new Sampling.Draft().maxTokens(500_000).build()),
                                        claude("claude-sonnet-4-5"))
                                .path("max_tokens")
                                .asInt())
                .isEqualTo(64_000);
    }

    @Test
    void schemas_thatNeedNotBeKeptToTheLetter_areClosed() throws Exception {
        Conversation said =
                new Conversation(
                        List.of(Message.user("Hi")),
                        List.of(),
                        new ToolChoice.Auto(),
                        new Output.Schema(
                                Optional.of("n"),
                                Optional.empty(),
                                "{\"type\":\"object\",\"properties\":{\"properties\":{\"type\":\"array\","
                                    + "\"items\":{\"type\":\"object\",\"properties\":{}}}}}",
                                Optional.empty()),
                        Thinking.UNSAID,
                        Sampling.UNSAID);
        assertThat(write(said, claude("claude-sonnet-4-5")).at("/output_config/format/schema"))
                .isEqualTo(
                        Json.read(
                                "{\"type\":\"object\",\"properties\":{\"properties\":{\"type\":\"array\","
                                    + "\"items\":{\"type\":\"object\",\"properties\":{},"
                                    + "\"additionalProperties\":false}}},"
                                    + "\"additionalProperties\":false}"));
    }

    @Test
    void obstacles_areWhatTheFormatHasNoBlockFor() {
        assertThat(
                        obstacle(
                                new Part.File(
                                        "audio/mpeg",
                                        new Part.File.Data("AAAA"),
                                        Optional.empty())))
                .contains("no files of type audio/mpeg");
        assertThat(obstacle(new Part.Picture(new Image.Data("image/heic", "AAAA"))))
                .contains("no images of type image/heic");
        assertThat(obstacle(new Part.Picture(new Image.Url("gs://bucket/a.png"))))
                .contains("no images at gs: addresses");
        assertThat(
                        obstacle(
                                new Part.File(
                                        "text/csv", new Part.File.Data("AAAA"), Optional.empty())))
                .isEmpty();
        Conversation begun = of(Message.user("Hi"), Message.assistant("Well "));
        assertThat(writer().obstacle(begun, claude("claude-sonnet-4-5"))).isEmpty();
        assertThat(writer().obstacle(begun, claude("claude-opus-4-6"))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "claude-3-haiku-20240307, 300",
        "claude-3-7-sonnet-20250219, 307",
        "claude-opus-4-20250514, 400",
        "claude-opus-4-1@20250805, 401",
        "us.anthropic.claude-opus-4-6-v1, 406",
        "anthropic/claude-opus-4.8, 408",
        "claude-sonnet-5, 500",
        "claude-haiku-5-5, 505",
        "claude-opus-4-6[1m], 406",
        "claude-latest, 999",
        "gpt-4.1, 0"
    })
    void version_isInTheName(String id, int version) {
        assertThat(AnthropicModel.of(Model.unknown("p", id)).version()).isEqualTo(version);
    }

    @Test
    void toolNames_thatDoNotFit_areMarked() {
        assertThat(writer().toolName(ToolName.of("look-up_1"))).isEqualTo("look-up_1");
        assertThat(writer().toolName(ToolName.of("a.b"))).matches("a_b_[0-9a-f]{8}");
        assertThat(writer().toolName(new ToolName("b", Optional.of("a"), false))).isEqualTo("a__b");
        assertThat(writer().toolName(ToolName.of("x".repeat(200)))).hasSize(128);
    }

    private static String minimal() {
        return "{\"model\":\"m\",\"max_tokens\":100,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    }

    /** Puts a value of another kind in a place of the tree. */
    private static void spoil(JsonNode tree, Random random) throws IOException {
        List<String> odd =
                List.of("null", "5", "\"x\"", "[]", "{}", "true", "[null]", "[{}]", "\"\"");
        JsonNode at = tree;
        while (true) {
            if (at.isEmpty()) {
                return;
            }
            int child = random.nextInt(at.size());
            JsonNode next = new ArrayList<>(iterable(at)).get(child);
            if (next.isContainerNode() && random.nextInt(4) > 0) {
                at = next;
                continue;
            }
            JsonNode value = Json.read(odd.get(random.nextInt(odd.size())));
            if (at instanceof ArrayNode array) {
                array.set(child, value);
            } else if (at instanceof ObjectNode object) {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                object.set(names.get(child), value);
            }
            return;
        }
    }

    private static List<JsonNode> iterable(JsonNode node) {
        List<JsonNode> children = new ArrayList<>();
        node.forEach(children::add);
        return children;
    }

    private static Optional<String> obstacle(Part part) {
        return writer().obstacle(
                        of(new Message(Role.USER, List.of(part))), claude("claude-sonnet-4-5"));
    }

    private static List<String> roles(JsonNode messages) {
        List<String> roles = new ArrayList<>();
        messages.forEach(message -> roles.add(message.path("role").asText()));
        return roles;
    }

    private static RequestWriter writer() {
        return Format.ANTHROPIC_MESSAGES.requestWriter();
    }

    private static JsonNode write(Conversation said, Model model) throws IOException {
        assertThat(writer().obstacle(said, model)).isEmpty();
        return Json.read(writer().write(said, model, false).body().bytes());
    }

    private static Conversation read(String body) throws Exception {
        return Format.ANTHROPIC_MESSAGES.requestReader().read(Json.read(body), path -> {});
    }

    private static Model claude(String id) {
        return new Model(
                "p",
                id,
                "",
                200_000,
                0,
                id.contains("3-5") ? 8_192 : 64_000,
                Set.of(
                        Ability.IMAGE_INPUT,
                        Ability.PDF_INPUT,
                        Ability.TOOLS,
                        Ability.REASONING,
                        Ability.TEMPERATURE),
                true,
                Optional.empty());
    }

    private static Part text(String text) {
        return new Part.Text(text);
    }

    private static Part call(String id, String arguments) {
        return new Part.ToolCall(id, ToolName.of("look"), arguments, Optional.empty());
    }

    private static Message system(String text) {
        return new Message(Role.SYSTEM, List.of(text(text)));
    }

    private static Conversation of(Message... messages) {
        return new Conversation(
                List.of(messages),
                List.of(),
                new ToolChoice.Auto(),
                new Output.Text(),
                Thinking.UNSAID,
                Sampling.UNSAID);
    }

    private static Conversation sampled(Sampling sampling) {
        return new Conversation(
                List.of(Message.user("Hi")),
                List.of(),
                new ToolChoice.Auto(),
                new Output.Text(),
                Thinking.UNSAID,
                sampling);
    }

    private static Conversation with(
            Thinking thinking, int maxTokens, ToolChoice choice, Message... messages) {
        return new Conversation(
                messages.length == 0 ? List.of(Message.user("Hi")) : List.of(messages),
                List.of(
                        new Tool(
                                ToolName.of("look"),
                                Optional.empty(),
                                "{\"type\":\"object\"}",
                                Optional.empty())),
                choice,
                new Output.Text(),
                thinking,
                new Sampling.Draft().maxTokens(maxTokens).build());
    }
}

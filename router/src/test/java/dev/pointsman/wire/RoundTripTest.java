package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Image;
import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Model;
import dev.pointsman.core.Output;
import dev.pointsman.core.Part;
import dev.pointsman.core.Sampling;
import dev.pointsman.core.Thinking;
import dev.pointsman.core.Tool;
import dev.pointsman.core.ToolChoice;
import dev.pointsman.core.ToolName;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * A request in one format, written in a second and read back, says the same as before, on what both
 * can say: texts, pictures, calls and their results, tools, limits.
 */
class RoundTripTest {

    private static final int ROUNDS = 300;
    private static final Model MODEL = Model.unknown("p", "m");
    private static final List<String> TEXTS =
            List.of(
                    "Hello",
                    "Gr\u00fc\u00dfe \uD83D\uDE80",
                    "a \"quoted\" \\ text\n\twith lines",
                    "{\"json\":true}",
                    "\u4f60\u597d",
                    "<b>&amp;</b>",
                    "  spaces  ");

    @Test
    void anyConversation_thereAndBack_isTheSame() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Conversation said = conversation(random);
            for (Format from : Format.values()) {
                JsonNode first = write(from, said, seed);
                Conversation read = read(from, first, seed);
                for (Format to : Format.values()) {
                    JsonNode there = write(to, read, seed);
                    JsonNode back = write(from, read(to, there, seed), seed);

                    assertThat(back.toPrettyString())
                            .as(
                                    "seed %d round %d: %s to %s and back, through%n%s",
                                    seed, round, from.label(), to.label(), there.toPrettyString())
                            .isEqualTo(first.toPrettyString());
                }
            }
        }
    }

    private static JsonNode write(Format format, Conversation said, long seed) throws Exception {
        assertThat(format.requestWriter().obstacle(said, MODEL)).as("seed %d", seed).isEmpty();
        WireRequest request = format.requestWriter().write(said, MODEL, false);
        assertThat(request.dropped())
                .as("seed %d %s", seed, format.label())
                .isSubsetOf("output name");
        return Json.read(request.body().bytes());
    }

    private static Conversation read(Format format, JsonNode body, long seed) throws Exception {
        List<String> left = new ArrayList<>();
        Conversation read = format.requestReader().read(body, left::add);
        left.removeIf(field -> field.equals("model") || field.equals("store"));
        assertThat(left).as("seed %d %s", seed, format.label()).isEmpty();
        return read;
    }

    private static Conversation conversation(RandomGenerator random) {
        List<Tool> tools = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            tools.add(
                    new Tool(
                            ToolName.of("tool_" + i),
                            Optional.of("Does " + text(random)),
                            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]}",
                            Optional.empty()));
        }
        List<Message> messages = new ArrayList<>();
        if (random.nextBoolean()) {
            messages.add(new Message(Role.SYSTEM, List.of(new Part.Text(text(random)))));
        }
        int calls = 0;
        for (int turn = random.nextInt(3); turn > 0; turn--) {
            messages.add(user(random));
            List<Part> said = new ArrayList<>(List.of(new Part.Text(text(random))));
            List<Part> results = new ArrayList<>();
            for (int i = tools.isEmpty() ? 0 : random.nextInt(3); i > 0; i--) {
                String id = "call_" + calls++;
                said.add(
                        new Part.ToolCall(
                                id,
                                tools.getFirst().name(),
                                "{\"a\":\"" + i + "\",\"n\":[1,2.5,null,true]}",
                                Optional.empty()));
                results.add(new Part.ToolResult(id, List.of(new Part.Text(plain(random))), false));
            }
            messages.add(new Message(Role.ASSISTANT, said));
            if (!results.isEmpty()) {
                messages.add(new Message(Role.USER, results));
                messages.add(Message.assistant(text(random)));
            }
        }
        messages.add(user(random));
        Sampling.Draft sampling = new Sampling.Draft().maxTokens(16 + random.nextInt(4_000));
        if (random.nextBoolean()) {
            sampling.temperature(random.nextInt(10) / 10.0);
        } else if (random.nextBoolean()) {
            sampling.topP(random.nextInt(1, 10) / 10.0);
        }
        return new Conversation(
                messages,
                tools,
                choice(random, tools),
                output(random),
                Thinking.UNSAID,
                sampling.build());
    }

    private static ToolChoice choice(RandomGenerator random, List<Tool> tools) {
        if (tools.isEmpty()) {
            return new ToolChoice.Auto();
        }
        return switch (random.nextInt(4)) {
            case 0 -> new ToolChoice.None();
            case 1 -> new ToolChoice.Required();
            case 2 -> new ToolChoice.Named(tools.getFirst().name());
            default -> new ToolChoice.Auto();
        };
    }

    private static Output output(RandomGenerator random) {
        return random.nextInt(3) > 0
                ? new Output.Text()
                : new Output.Schema(
                        Optional.empty(),
                        Optional.empty(),
                        "{\"type\":\"object\",\"properties\":{\"b\":{\"type\":\"integer\"}},\"required\":[\"b\"],\"additionalProperties\":false}",
                        Optional.of(true));
    }

    private static Message user(RandomGenerator random) {
        List<Part> parts = new ArrayList<>(List.of(new Part.Text(text(random))));
        if (random.nextInt(3) == 0) {
            parts.add(new Part.Picture(new Image.Data("image/png", "iVBORw0KGgo=")));
        }
        return new Message(Role.USER, parts);
    }

    private static String text(RandomGenerator random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    /** Gemini's results are objects: a text that is one stays so. */
    private static String plain(RandomGenerator random) {
        return TEXTS.get(random.nextInt(3));
    }
}

package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.AnswerEvent.Begun;
import dev.pointsman.core.AnswerEvent.End;
import dev.pointsman.core.AnswerEvent.Reasoning;
import dev.pointsman.core.AnswerEvent.Refusal;
import dev.pointsman.core.AnswerEvent.Sealed;
import dev.pointsman.core.AnswerEvent.Stopped;
import dev.pointsman.core.AnswerEvent.Text;
import dev.pointsman.core.AnswerEvent.Tokens;
import dev.pointsman.core.AnswerEvent.ToolArguments;
import dev.pointsman.core.AnswerEvent.ToolCall;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Seal;
import dev.pointsman.core.TokenLikelihood;
import dev.pointsman.core.ToolName;
import dev.pointsman.core.Usage;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/** Whatever order a provider keeps, what comes out is one begin, whole blocks, one end. */
class BlocksTest {

    private final Log log = new Log();
    private final Blocks blocks = new Blocks(log, "model", name -> name);

    @Test
    void calls_inGreatNumbersThatAllWait_takeNoLongerEach() {
        int calls = 100_000;
        blocks.accept(new Begun("m"));
        for (int slot = 0; slot < calls; slot++) {
            blocks.accept(new ToolCall(slot, "c" + slot, ToolName.of("f"), Optional.empty()));
        }
        for (int slot = calls - 1; slot >= 0; slot--) {
            blocks.accept(new ToolArguments(slot, "{}"));
        }
        blocks.accept(new End());

        assertThat(log.lines).hasSize(3 * calls + 2);
    }

    @Test
    void kinds_thatChange_openAndCloseBlocks() {
        take(
                new Begun("m-1"),
                new Reasoning("hm"),
                new Sealed(new Seal("gemini", "s")),
                new Text("a"),
                new Text("b"),
                new Tokens(Usage.of(3, 4)),
                new Stopped(Stop.END),
                new End());

        assertThat(log.lines)
                .containsExactly(
                        "begin m-1",
                        "open Reasoning",
                        "hm",
                        "close sealed",
                        "open Text",
                        "a",
                        "b",
                        "close",
                        "end END 3+4");
    }

    @Test
    void calls_thatComeInterleaved_areTakenOneAfterTheOther() {
        take(
                call(0, "one"),
                new ToolArguments(0, "{\"a\":"),
                call(1, "two"),
                new ToolArguments(1, "{\"b\":"),
                new ToolArguments(0, "\"}\"}"),
                new ToolArguments(1, "2}"),
                new End());

        assertThat(log.lines)
                .containsExactly(
                        "begin model",
                        "open one",
                        "{\"a\":",
                        "\"}\"}",
                        "close",
                        "open two",
                        "{\"b\":",
                        "2}",
                        "close",
                        "end TOOL_CALLS unknown");
    }

    @Test
    void call_whoseArgumentsNeverEnd_losesNothingOfWhatFollows() {
        take(
                call(0, "one"),
                new ToolArguments(0, "{\"a\":"),
                new Text("after"),
                call(1, "two"),
                new ToolArguments(1, "{}"),
                new Stopped(Stop.MAX_TOKENS),
                new End());

        assertThat(log.lines)
                .containsExactly(
                        "begin model",
                        "open one",
                        "{\"a\":",
                        "close",
                        "open Text",
                        "after",
                        "close",
                        "open two",
                        "{}",
                        "close",
                        "end MAX_TOKENS unknown");
    }

    @Test
    void character_cutInTwo_goesOnInOne() {
        take(new Text("x\uD83D"), new Text("\uDE80y"), new Text("\uD83D"), new End());

        assertThat(log.lines)
                .containsExactly(
                        "begin model",
                        "open Text",
                        "x",
                        "\uD83D\uDE80y",
                        "\uFFFD",
                        "close",
                        "end OTHER unknown");
    }

    @Test
    void refusal_withAPlainEnd_isARefusal() {
        take(new Refusal("no"), new Stopped(Stop.END), new End());

        assertThat(log.lines)
                .containsExactly(
                        "begin model", "open Refusal", "no", "close", "end REFUSAL unknown");
    }

    @Test
    void citation_behindACall_waitsForTheNextText() {
        Citation citation =
                new Citation(
                        "https://a.example",
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty());
        take(
                call(0, "one"),
                new ToolArguments(0, "{}"),
                new AnswerEvent.Cited(citation),
                new Text("a"),
                new End());

        assertThat(log.lines)
                .containsExactly(
                        "begin model",
                        "open one",
                        "{}",
                        "close",
                        "open Text",
                        "cite https://a.example",
                        "a",
                        "close",
                        "end TOOL_CALLS unknown");
    }

    @Test
    void anythingAfterTheEnd_isNotHandedOn() {
        take(new End(), new Text("late"), new End());

        assertThat(log.lines).containsExactly("begin model", "end OTHER unknown");
    }

    /** Any events in any order: well-formed, nothing of a text lost. */
    @Test
    void anyOrder_isWellFormed() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Log heard = new Log();
            Blocks ordered = new Blocks(heard, "model", name -> name);
            StringBuilder said = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                AnswerEvent event = any(random, i);
                if (event instanceof Text text) {
                    said.append(text.delta());
                }
                ordered.accept(event);
            }
            ordered.accept(new End());

            assertThat(heard.depth).as("seed %d", seed).isZero();
            assertThat(heard.lines.getFirst()).as("seed %d", seed).startsWith("begin");
            assertThat(heard.lines.getLast()).as("seed %d", seed).startsWith("end");
            assertThat(heard.texts.toString()).as("seed %d", seed).isEqualTo(said.toString());
        }
    }

    private static AnswerEvent any(Random random, int i) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> new Text("t" + i);
            case 2 -> new Reasoning("r" + i);
            case 3 -> new Sealed(new Seal("x", "y"));
            case 4 -> call(random.nextInt(3), "c" + i);
            case 5, 6 ->
                    new ToolArguments(
                            random.nextInt(3), List.of("{", "}", "\"", "1").get(random.nextInt(4)));
            default -> new Stopped(Stop.END);
        };
    }

    private static ToolCall call(int slot, String name) {
        return new ToolCall(slot, "id" + slot, ToolName.of(name), Optional.empty());
    }

    private void take(AnswerEvent... events) {
        for (AnswerEvent event : events) {
            blocks.accept(event);
        }
    }

    private static final class Log implements BlockSink {
        private final List<String> lines = new ArrayList<>();
        private final StringBuilder texts = new StringBuilder();
        private int depth;
        private boolean text;

        @Override
        public void begin(String model, Usage usage) {
            assertThat(lines).isEmpty();
            lines.add("begin " + model);
        }

        @Override
        public void open(Block block) {
            assertThat(depth++).isZero();
            text = block instanceof Block.Text;
            lines.add(
                    "open "
                            + (block instanceof Block.Call call
                                    ? call.tool().name()
                                    : block.getClass().getSimpleName()));
        }

        @Override
        public void piece(String piece) {
            assertThat(depth).isOne();
            if (text) {
                texts.append(piece);
            }
            lines.add(piece);
        }

        @Override
        public void cite(Citation citation) {
            assertThat(depth).isOne();
            lines.add("cite " + citation.url());
        }

        @Override
        public void likelihoods(List<TokenLikelihood> tokens) {
            assertThat(depth).isOne();
        }

        @Override
        public void close(Optional<Seal> seal) {
            assertThat(--depth).isZero();
            lines.add(seal.isPresent() ? "close sealed" : "close");
        }

        @Override
        public void end(Stop stop, Usage usage) {
            assertThat(depth).isZero();
            lines.add(
                    "end "
                            + stop
                            + (usage.estimated()
                                    ? " unknown"
                                    : " " + usage.input() + "+" + usage.output()));
        }
    }
}

package dev.pointsman.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.classify.local.LocalModel;
import dev.pointsman.core.Image;
import dev.pointsman.core.Message;
import dev.pointsman.core.Part;
import dev.pointsman.core.Task;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;

/** Which words of a task are the user's wish. */
class IntentTest {

    private static final int MEGABYTE = 1 << 20;

    @Test
    void intent_ofOneTurn_isItsText() {
        assertThat(Intent.of(Task.of("Write a poem."))).isEqualTo("Write a poem.");
    }

    @Test
    void intent_ofAConversation_isTheUsersLastTurn() {
        Task task = conversation("Write a poem.", "Roses are red.", "Translate it to French.");

        assertThat(Intent.of(task)).isEqualTo("Translate it to French.");
    }

    @Test
    void intent_neverHoldsWhatTheAssistantSaid() {
        Task task = conversation("continue", "Shall I review the architecture?", "yes");

        assertThat(Intent.of(task)).doesNotContain("architecture");
    }

    @Test
    void system_thatIsShort_standsInFront() {
        Task task = Task.of("The battery died.").system("  Classify the sentiment.\n");

        assertThat(Intent.of(task)).isEqualTo("Classify the sentiment.\n\nThe battery died.");
    }

    @Test
    void system_thatIsLongOrBlank_isIgnored() {
        String longest = "x".repeat(1_500);

        assertThat(Intent.of(Task.of("Hi there").system(longest + "y"))).isEqualTo("Hi there");
        assertThat(Intent.of(Task.of("Hi there").system(" \n "))).isEqualTo("Hi there");
        assertThat(Intent.of(Task.of("Hi there").system(longest)))
                .isEqualTo(longest + "\n\nHi there");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "system-reminder",
                "system_reminder",
                "environment_context",
                "environment_details",
                "tool_result",
                "tool_results",
                "tool_response",
                "function_results",
                "local-command-stdout",
                "command-name",
                "bash-stdout",
                "bash-stderr",
                "ide_selection",
                "attached_files",
                "file_contents",
                "file",
                "SYSTEM-REMINDER",
                "Tool_Result"
            })
    void boilerplate_inItsTags_isTakenOut(String tag) {
        String block = "<" + tag + ">\nReview the architecture.\n</" + tag + ">";
        String attributed = "<" + tag + " name=\"a.txt\">noise</" + tag + ">";

        assertThat(Intent.of(Task.of(block + "Write a poem."))).isEqualTo("Write a poem.");
        assertThat(Intent.of(Task.of("Write " + attributed + "a poem.")))
                .isEqualTo("Write a poem.");
        assertThat(Intent.of(Task.of("Write a poem." + block + attributed)))
                .isEqualTo("Write a poem.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<text>Summarize this.</text>",
                "<p>Hello</p> <b>world</b>",
                "if (a < b && c > d) return a<b>c;",
                "<system-reminder> is a tag; what is it for?",
                "<filename>a.txt</filename>",
                "</file> closes what?",
                "< file >a</ file >",
                "a <",
                "<",
                "<>",
                "<file",
                "<file>",
                "List<file-reader> files",
            })
    void markup_thatIsNoWholeBoilerplate_stays(String text) {
        assertThat(Intent.of(Task.of(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<system-reminder>a <b>c</b> d</system-reminder>go | go",
                "<tool_result>a<file>b</file>c</tool_result>go | go",
                "<attached_files><file>a</file><file>b</file></attached_files>go | go",
                "<system-reminder>never closed <file>a</file>go | <system-reminder>never closed go",
                "<file>a</file>go<file>b</file> on<file>c</file> | go on",
                "<file>a</file >go | go",
                "<file>a</file | ''",
                "<file>a<file>b</file>c</file>go | go",
                "<file name='a'><file_contents>b</file_contents>c</file>go | go",
                "<tool_result>a<tool_results>b</tool_results>c</tool_result>go | go",
                "<file path='a' />Summarize it. <file path='b'>c</file> | <file path='a'"
                        + " />Summarize it.",
                "<File>a</file>go | go",
            })
    void boilerplate_nestedOrHalfClosed_leavesTheRest(String text, String expected) {
        assertThat(Boilerplate.strippedFrom(text).strip()).isEqualTo(expected);
    }

    @Test
    void boilerplate_whoseTagEndsInAnyWhiteSpace_isTakenOut() {
        assertThat(Boilerplate.strippedFrom("<file\tname='a'>b</file>go")).isEqualTo("go");
        assertThat(Boilerplate.strippedFrom("<file\r\nname='a'>b</file>go")).isEqualTo("go");
    }

    @Test
    void turn_ofOnlyBoilerplate_fallsBackToTheTurnBefore() {
        Task task =
                conversation(
                        "Write a poem about snow.",
                        "I look at the file.",
                        "<tool_result>class Main {}</tool_result>\n",
                        "And at the other.",
                        "<system-reminder>Be brief.</system-reminder><file>x</file>");

        assertThat(Intent.of(task)).isEqualTo("Write a poem about snow.");
    }

    @Test
    void category_overAToolLoop_stays() {
        LocalModel model = LocalModel.builtIn();
        String wish = "Write a poem about the first snow in the mountains.";
        String expected = model.classify(wish).category();
        Task task = Task.of(wish);
        for (int round = 0; round < 5; round++) {
            task =
                    after(
                            task,
                            "I call a tool.",
                            "<tool_result>java.lang.Error\n\tat a.B.c(B.java:1)</tool_result>");

            assertThat(model.classify(Intent.of(task)).category()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "continue",
                "Continue.",
                "yes",
                "YES!",
                " ok \n",
                "go ahead",
                "try again...",
                "sí",
                "继续",
                "<system-reminder>Be brief.</system-reminder>\nyes",
                "yes                                        "
            })
    void turn_thatOnlySaysGoOn_leansOnTheOneBefore(String word) {
        assertThat(Intent.of(conversation("Prove it.", "Shall I?", word))).isEqualTo("Prove it.");
        assertThat(Intent.of(conversation("Prove it.", "Shall I?", "yes", "Really?", word)))
                .isEqualTo("Prove it.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes, and translate it", "no", "nothing", "continued", "why?"})
    void turn_thatIsShortButSaysMore_standsAlone(String words) {
        assertThat(Intent.of(conversation("Prove it.", "Shall I?", words))).isEqualTo(words);
    }

    @Test
    void goingOn_fromNothing_isAllThereIs() {
        assertThat(Intent.of(Task.of("continue"))).isEqualTo("continue");
        assertThat(Intent.of(conversation("ok", "What?", "continue"))).isEqualTo("continue");
    }

    @Test
    void boilerplate_thatIsAllThereIs_isKept() {
        String only = "<tool_result>42</tool_result>";

        assertThat(Intent.of(Task.of(only))).isEqualTo(only);
        assertThat(Intent.of(conversation(only, "Hm.", "<file>x</file>")))
                .isEqualTo("<file>x</file>");
    }

    @Test
    void turn_thatIsOnlyAnImage_isNoObstacle() {
        Message picture =
                new Message(
                        Message.Role.USER,
                        List.of(new Part.Picture(Image.ofUrl("https://a/b.png"))));

        assertThat(Intent.of(Task.of(List.of(picture)))).isEmpty();
        assertThat(
                        Intent.of(
                                Task.of(
                                        List.of(
                                                Message.user("Write a poem."),
                                                Message.assistant("About what?"),
                                                picture))))
                .isEqualTo("Write a poem.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<",
                "< ",
                "<b>",
                "</file>",
                "<<file",
                "a < b, ",
                "<file_",
                "<files/>",
                "<file>",
                "<file ",
                "<file></",
                "<system-reminder>x"
            })
    void megabyte_ofMarkupThatIsNotBoilerplate_staysAsItIs(String unit) {
        String text = unit.repeat(MEGABYTE / unit.length());

        assertThat(Boilerplate.strippedFrom(text).equals(text)).isTrue();
    }

    @Test
    void megabyte_ofBoilerplateBlocks_leavesTheWordsBetween() {
        String text = "<file>x<y</file>a".repeat(MEGABYTE / 17);

        assertThat(Boilerplate.strippedFrom(text)).isEqualTo("a".repeat(MEGABYTE / 17));
    }

    @Test
    void markup_ofAnyKind_neverThrowsAndNeverGrows() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] pieces = {
            "<",
            ">",
            "</",
            "/>",
            "file",
            "FILE",
            "files",
            "system-reminder",
            "tool_result",
            " ",
            "\n",
            "yes",
            "words of the user",
            "\uD83D",
            "\uDE00",
            "é",
            "=\"a\""
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("x");
            for (int k = random.nextInt(24); k > 0; k--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String whole = text.toString();
            String kept = Boilerplate.strippedFrom(whole);

            assertThat(kept.length())
                    .as("seed %d, %s", seed, whole)
                    .isLessThanOrEqualTo(whole.length());
            assertThat(Intent.of(Task.of(whole))).as("seed %d, %s", seed, whole).isNotEmpty();
        }
    }

    /** Turns by turns, the user's first. */
    private static Task conversation(String first, String... rest) {
        Task task = Task.of(first);
        for (int i = 0; i < rest.length; i += 2) {
            task = after(task, rest[i], rest[i + 1]);
        }
        return task;
    }

    private static Task after(Task task, String answer, String next) {
        List<Message> messages = new java.util.ArrayList<>(task.messages());
        messages.add(Message.assistant(answer));
        messages.add(Message.user(next));
        return Task.of(messages);
    }
}

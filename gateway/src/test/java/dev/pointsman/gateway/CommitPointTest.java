package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Entry;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.testing.Reaction;
import dev.pointsman.testing.Reaction.Ending;
import dev.pointsman.testing.Reaction.Streams;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Before the first content any failure moves on unseen; after it, it is told, and never mended. */
class CommitPointTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration IDLE = Duration.ofMillis(400);

    private Rig rig;

    /** A caller's tongue and the providers'. */
    record Pair(Tongue caller, Tongue provider) {}

    static Stream<Pair> pairs() {
        return Stream.of(Tongue.values())
                .flatMap(caller -> Stream.of(Tongue.values()).map(other -> new Pair(caller, other)))
                .filter(pair -> pair.caller == pair.provider || isAcross(pair));
    }

    /** The provider of both of OpenAI's formats is never asked across. */
    private static boolean isAcross(Pair pair) {
        return pair.provider == Tongue.ANTHROPIC || pair.caller == Tongue.ANTHROPIC
                ? pair.provider != Tongue.RESPONSES
                : pair.provider == Tongue.GEMINI || pair.caller == Tongue.GEMINI
                        ? pair.provider != Tongue.RESPONSES
                        : false;
    }

    @BeforeEach
    void start() {
        rig = Rig.start(new AttemptLimits(2, LONG, LONG, IDLE, LONG, LONG));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private Entry entry() throws InterruptedException {
        Entry entry = rig.entries().poll(10, TimeUnit.SECONDS);
        assertThat(entry).isNotNull();
        return entry;
    }

    private static Streams streams(List<String> events, String... more) {
        List<String> all = new ArrayList<>(events);
        Collections.addAll(all, more);
        return Reaction.streams(all);
    }

    private void assertMovedOn(Raw.Ended heard, String kind) throws InterruptedException {
        assertThat(heard.answer().status()).as(heard.text()).isEqualTo(200);
        assertThat(heard.clean()).isTrue();
        assertThat(heard.answer().header("x-pointsman-attempts")).isEqualTo("2");
        Entry entry = entry();
        assertThat(entry.answer()).isPresent();
        assertThat(entry.attempts().getFirst().failure().orElseThrow().kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void endMark_withoutContent_isNoAnswer(Tongue tongue) throws Exception {
        rig.provider().script("one", streams(List.of(tongue.preamble, tongue.mark)));
        rig.provider().script("two", Reaction.answers("right"));
        Raw.Ended heard = tongue.ask(rig);
        assertMovedOn(heard, "truncated");
        assertThat(heard.text()).doesNotContain(tongue.preamble).contains("right");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void error_beforeContent_movesOnUnseen(Pair pair) throws Exception {
        rig.provider().script("one", streams(List.of(pair.provider.preamble, pair.provider.error)));
        rig.provider().script("two", Reaction.answers("right"));
        Raw.Ended heard = pair.caller.ask(rig, pair.provider);
        assertMovedOn(heard, "server_error");
        assertThat(heard.text()).doesNotContain("scripted");
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void preamble_ofOneThatFailed_isNotSeen(Tongue tongue) throws Exception {
        rig.provider()
                .script(
                        "one",
                        streams(List.of(tongue.preamble, ": quiet\n\n")).only(2, Ending.CLOSE));
        rig.provider().script("two", Reaction.answers("right"));
        Raw.Ended heard = tongue.ask(rig);
        assertThat(heard.answer().status()).isEqualTo(200);
        for (String once :
                List.of("\"role\":\"assistant\"", "message_start\"", "response.created\"")) {
            assertThat(heard.text().split(once, -1).length).isLessThanOrEqualTo(2);
        }
        assertThat(heard.text()).doesNotContain("quiet").doesNotContain(tongue.preamble);
    }

    @Test
    void preamble_thatNeverEnds_isNotHeldForever() throws Exception {
        String comment = ":" + "x".repeat(100_000) + "\n\n";
        rig.provider().script("one", streams(Collections.nCopies(60, comment)));
        rig.provider().script("two", Reaction.answers("right"));
        assertMovedOn(Tongue.CHAT.ask(rig), "protocol");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "length", "content_filter"})
    void stop_withoutContent_isAnAnswer(String reason) throws Exception {
        rig.provider()
                .script(
                        "one",
                        streams(
                                List.of(Tongue.CHAT.preamble),
                                "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
                                        + reason
                                        + "\"}]}\n\n",
                                "data: [DONE]\n\n"));
        Raw.Ended heard = Tongue.CHAT.ask(rig);
        assertThat(heard.text()).contains(reason).contains("[DONE]");
        assertThat(entry().answer()).isPresent();
    }

    @Test
    void prompt_blocked_isTheAnswer() throws Exception {
        String blocked = "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}";
        rig.provider().script("one", streams(List.of("data: " + blocked + "\r\n\r\n")));
        Raw.Ended heard = Tongue.GEMINI.ask(rig);
        assertThat(heard.text()).contains(blocked);
        assertThat(heard.clean()).isTrue();
        assertThat(entry().attempts()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<html>x</html>|protocol",
                "{\"choices\":[{\"mess|protocol",
                "''|protocol",
                "{\"error\":{\"message\":\"scripted\"}}|server_error",
                "{\"error\":\"scripted\"}|server_error",
                "{\"object\":\"error\",\"message\":\"scripted\"}|server_error",
                "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"x\"},\"finish_reason\":\"error\"}]}"
                    + "|server_error"
            })
    void wholeAnswer_thatIsNone_movesOn(String body, String kind) throws Exception {
        rig.provider().script("one", Reaction.sends(200, body));
        rig.provider().script("two", Reaction.answers("right"));
        Raw.Ended heard =
                Raw.heard(
                        rig.port(),
                        "/v1/chat/completions",
                        "{\"model\":\"auto/work\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertMovedOn(heard, kind);
    }

    /** How a stream can break after content, and by what name that goes into the ledger. */
    enum Break {
        RESET("network"),
        CLEAN("truncated"),
        SILENCE("timeout"),
        ERROR("server_error");

        private final String kind;

        Break(String kind) {
            this.kind = kind;
        }

        Streams of(Tongue tongue) {
            List<String> begun = new ArrayList<>(List.of(tongue.preamble));
            begun.addAll(tongue.content);
            Streams all = streams(begun, tongue.error, tongue.mark);
            return switch (this) {
                case RESET -> all.only(begun.size(), Ending.RESET);
                case CLEAN -> all.only(begun.size(), Ending.CLEAN);
                case SILENCE -> all.only(begun.size(), Ending.SILENCE);
                case ERROR -> all;
            };
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void stream_brokenAfterContent_endsInAnErrorAndNothingElse(Pair pair) throws Exception {
        for (Break way : Break.values()) {
            rig.provider().script("one", way.of(pair.provider));
            int before = rig.provider().requests("two").size();
            Raw.Ended heard = pair.caller.ask(rig, pair.provider);
            String said = way + " " + heard.text();
            // the provider's own words are an end that its clients know
            boolean told = way == Break.ERROR && pair.caller == pair.provider;
            assertThat(heard.clean()).as(said).isEqualTo(told);
            assertThat(pair.caller.endsInError(heard.text())).as(said).isTrue();
            assertThat(pair.caller.endsWell(heard.text())).as(said).isFalse();
            assertThat(rig.provider().requests("two")).hasSize(before);
            Entry entry = entry();
            assertThat(entry.answer()).isEmpty();
            Attempt attempt = entry.attempts().getLast();
            assertThat(attempt.failure().orElseThrow().kind()).as(said).isEqualTo(way.kind);
            assertThat(attempt.usage().estimated()).isTrue();
            assertThat(attempt.usage().output()).isPositive();
            assertThat(attempt.usage().totalInput()).isPositive();
        }
    }

    @Test
    void event_cutInTheMiddle_isNotBegunAtTheCaller() throws Exception {
        String half = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hal";
        rig.provider().script("one", streams(Tongue.CHAT.content, half, "x").only(3, Ending.CLEAN));
        Raw.Ended heard = Tongue.CHAT.ask(rig);
        assertThat(heard.clean()).isFalse();
        assertThat(heard.text()).doesNotContain("hal").contains("data: {\"error\":");
    }

    @Test
    void finishReason_thatSaysError_isToldAsAnError() throws Exception {
        rig.provider()
                .script(
                        "one",
                        streams(
                                Tongue.CHAT.content,
                                "data:"
                                    + " {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\"}]}\n\n",
                                "data: [DONE]\n\n"));
        Raw.Ended heard = Tongue.CHAT.ask(rig);
        assertThat(heard.clean()).isFalse();
        assertThat(Tongue.CHAT.endsInError(heard.text())).as(heard.text()).isTrue();
        assertThat(Tongue.CHAT.endsWell(heard.text())).isFalse();
    }

    @Test
    void array_brokenAfterContent_hasTheErrorForItsLastItem() throws IOException {
        rig.provider().script("one", Break.CLEAN.of(Tongue.GEMINI));
        Raw.Ended heard =
                Raw.heard(
                        rig.port(),
                        Tongue.GEMINI.path().replace("?alt=sse", ""),
                        Tongue.GEMINI.body());
        assertThat(heard.clean()).isFalse();
        assertThat(heard.text()).startsWith("[{").contains("{\"error\":{").endsWith("}}");
        assertThat(rig.provider().requests().getFirst().path()).endsWith("?alt=sse");
    }
}

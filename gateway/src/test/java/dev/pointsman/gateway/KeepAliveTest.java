package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.pointsman.core.Entry;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.testing.Reaction;
import dev.pointsman.testing.Reaction.Ending;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A caller that waits for a stream is told so, and loses nothing by it. */
class KeepAliveTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration FIRST = Duration.ofMillis(700);
    private static final Duration PERIOD = Duration.ofMillis(200);
    private static final String WAITING = ": waiting\n\n";

    private Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.start(new AttemptLimits(2, LONG, FIRST, FIRST, LONG, PERIOD));
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

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void silence_beforeContent_leavesTheNextModelFree(Tongue tongue) throws Exception {
        rig.provider()
                .script(
                        "one",
                        Reaction.streams(List.of(tongue.preamble, "x")).only(1, Ending.SILENCE));
        rig.provider().script("two", Reaction.answers("right"));
        Raw.Ended heard = tongue.ask(rig);
        assertThat(heard.text()).startsWith(WAITING + WAITING);
        String answer = heard.text().replace(WAITING, "");
        assertThat(answer).contains("right").doesNotContain(tongue.preamble);
        assertThat(heard.clean()).isTrue();
        assertThat(heard.answer().header("content-type")).isEqualTo("text/event-stream");
        assertThat(heard.answer().header("x-pointsman-decision")).isNotEmpty();
        assertThat(heard.answer().header("x-pointsman-category")).isNotEmpty();
        assertThat(heard.answer().headers())
                .doesNotContainKeys("x-pointsman-model", "x-pointsman-attempts");
        Entry entry = entry();
        assertThat(entry.attempts()).hasSize(2);
        assertThat(entry.answer()).isPresent();
        assertThat(entry.attempts().getFirst().usage().totalInput()).isPositive();
        assertThat(entry.attempts().getFirst().usage().estimated()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void failure_ofAllAfterSilence_isToldInTheStream(Tongue tongue) throws Exception {
        rig.provider().script("one", new Reaction.Hangs());
        rig.provider().script("two", Reaction.fails(500));
        Raw.Ended heard = tongue.ask(rig);
        assertThat(heard.answer().status()).isEqualTo(200);
        assertThat(heard.text()).startsWith(WAITING);
        assertThat(tongue.endsInError(heard.text())).as(heard.text()).isTrue();
        assertThat(tongue.endsWell(heard.text())).isFalse();
        assertThat(heard.clean()).isFalse();
        assertThat(entry().answer()).isEmpty();
    }

    @Test
    void silence_beforeAnArray_isWhiteSpace() throws IOException {
        String path = Tongue.GEMINI.path().replace("?alt=sse", "");
        rig.provider().script("one", new Reaction.Hangs());
        rig.provider().script("two", Reaction.answers("right"));
        Raw.Ended heard = Raw.heard(rig.port(), path, Tongue.GEMINI.body());
        assertThat(heard.text()).startsWith("\n").doesNotContain("waiting");
        assertThat(heard.answer().header("content-type")).isEqualTo("application/json");
        assertThat(heard.clean()).isTrue();
        assertThat(new ObjectMapper().readTree(heard.text()).isArray()).isTrue();
        rig.provider().script("two", Reaction.fails(500));
        Raw.Ended failed = Raw.heard(rig.port(), path, Tongue.GEMINI.body());
        assertThat(failed.text().strip()).startsWith("[{\"error\":{").doesNotEndWith("]");
        assertThat(failed.clean()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void silence_betweenContent_isToldBetweenEvents(Tongue tongue) throws Exception {
        String first = tongue.content.getFirst();
        String second = tongue.content.getLast();
        String half = second.substring(0, second.length() / 2);
        Reaction.Streams slow =
                Reaction.streams(List.of(first + half, second.substring(half.length())))
                        .every(Duration.ofMillis(500));
        rig.provider().script("one", slow);
        Raw.Ended heard = tongue.ask(rig);
        String text = heard.text();
        int begins = text.indexOf(first);
        assertThat(text.substring(begins)).startsWith(first + WAITING).contains(WAITING + second);
    }

    @Test
    void wholeAnswer_isNeverToldToWait() throws Exception {
        rig.provider().script("one", Reaction.answers("right").after(Duration.ofMillis(500)));
        Raw.Ended heard =
                Raw.heard(
                        rig.port(),
                        Tongue.CHAT.path(),
                        Tongue.CHAT.body().replace("\"stream\":true", "\"stream\":false"));
        assertThat(heard.text()).startsWith("{").contains("right");
        assertThat(heard.answer().header("x-pointsman-model")).isEqualTo("mock/one");
    }

    @Test
    void answerThatIsNoStream_afterSilence_movesOn() throws Exception {
        for (Map<String, String> encoding :
                List.of(Map.of("content-encoding", "gzip"), Map.<String, String>of())) {
            Reaction.Streams late =
                    Reaction.streams(List.of("{\"choices\":", "[]}"))
                            .as("application/json")
                            .every(Duration.ofMillis(300));
            rig.provider()
                    .script(
                            "one",
                            new Reaction.Streams(
                                    200,
                                    late.contentType(),
                                    encoding,
                                    late.chunks(),
                                    Ending.CLEAN));
            rig.provider().script("two", Reaction.answers("right"));
            Raw.Ended heard = Tongue.CHAT.ask(rig);
            assertThat(heard.text()).startsWith(WAITING).contains("right");
            assertThat(entry().attempts().getFirst().failure().orElseThrow().kind())
                    .isEqualTo("protocol");
        }
    }
}

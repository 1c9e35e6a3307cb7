package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Entry;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.testing.Reaction;
import dev.pointsman.testing.Reaction.Ending;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Callers that leave, and what callers that do not are told about coming back. */
class LeftTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(2);

    /** How far an answer has come. */
    enum Point {
        BEFORE_HEADERS,
        BEFORE_CONTENT,
        AFTER_A_SIGN_OF_LIFE,
        AFTER_CONTENT
    }

    @ParameterizedTest
    @EnumSource(Point.class)
    void caller_leaving_endsTheCallAndPaysForIt(Point point) throws Exception {
        Duration period = point == Point.AFTER_A_SIGN_OF_LIFE ? Duration.ofMillis(100) : LONG;
        Tongue tongue = Tongue.CHAT;
        try (Rig rig = Rig.start(new AttemptLimits(3, LONG, LONG, LONG, LONG, period))) {
            Reaction.Streams stream =
                    Reaction.streams(List.of(tongue.preamble, tongue.content.getFirst(), "x"));
            rig.provider()
                    .script(
                            "one",
                            switch (point) {
                                case BEFORE_HEADERS -> new Reaction.Hangs();
                                case BEFORE_CONTENT, AFTER_A_SIGN_OF_LIFE ->
                                        stream.only(1, Ending.SILENCE);
                                case AFTER_CONTENT -> stream.only(2, Ending.SILENCE);
                            });
            try (Raw raw = Raw.to(rig.port())) {
                raw.send(Raw.request("POST " + tongue.path(), Raw.utf8(tongue.body())));
                assertThat(rig.provider().awaitLive(1, LONG)).isTrue();
                if (point == Point.AFTER_A_SIGN_OF_LIFE || point == Point.AFTER_CONTENT) {
                    assertThat(raw.line()).contains("200");
                }
            }
            assertThat(rig.provider().awaitAbandoned(SOON)).isTrue();
            Entry entry = rig.entries().poll(10, TimeUnit.SECONDS);
            assertThat(entry).isNotNull();
            Attempt attempt = entry.attempts().getLast();
            assertThat(entry.attempts()).hasSize(1);
            assertThat(attempt.failure()).isPresent();
            assertThat(attempt.usage().estimated()).isTrue();
            assertThat(attempt.usage().input()).isPositive();
            assertThat(attempt.usage().output() > 0).isEqualTo(point == Point.AFTER_CONTENT);
            assertThat(rig.provider().requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"400,false", "401,false", "404,false", "413,false", "429,''", "500,''", "529,''"})
    void refusal_ofTheOnlyModel_saysWhetherToComeBack(int status, String shouldRetry)
            throws Exception {
        for (Tongue tongue : Tongue.values()) {
            try (Rig rig = Rig.start(new AttemptLimits(1, LONG, LONG, LONG, LONG, LONG))) {
                rig.provider().script("one", Reaction.fails(status));
                Raw.Answer answer = tongue.ask(rig).answer();
                assertThat(answer.header("x-should-retry"))
                        .as(tongue.name())
                        .isEqualTo(shouldRetry);
                boolean unknown = status == 529 && tongue != Tongue.ANTHROPIC;
                assertThat(answer.status()).isEqualTo(unknown ? 503 : status);
            }
        }
    }

    @Test
    void failure_ofAllModels_needsNoRepetition() throws Exception {
        try (Rig rig = Rig.start(new AttemptLimits(2, LONG, LONG, LONG, LONG, LONG))) {
            rig.provider().script("one", Reaction.fails(500));
            rig.provider().script("two", Reaction.fails(429, "", Map.of("retry-after", "7")));
            Raw.Answer answer = Tongue.CHAT.ask(rig).answer();
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("retry-after")).isEqualTo("7");
            assertThat(answer.header("x-should-retry")).isEqualTo("false");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retry-after|soon",
                "retry-after|5d",
                "retry-after|0x1p3",
                "retry-after|-3",
                "retry-after|NaN",
                "retry-after-ms|x"
            })
    void retryAfter_thatCannotBeRead_isNotPassedOn(String name, String said) throws Exception {
        try (Rig rig = Rig.start(new AttemptLimits(1, LONG, LONG, LONG, LONG, LONG))) {
            rig.provider().script("one", Reaction.fails(429, "", Map.of(name, said)));
            assertThat(Tongue.CHAT.ask(rig).answer().headers()).doesNotContainKey(name);
        }
    }
}

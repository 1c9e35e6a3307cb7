package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Money;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.AttemptRules;
import dev.pointsman.policy.HedgeSettings;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.Reaction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A second model is asked beside a slow one. */
class HedgingTest {

    private static final String FIRST = "claude-opus-4-6";
    private static final String SECOND = "claude-haiku-4-5";
    private static final Duration DELAY = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final FakeProvider provider = FakeProvider.start();
    private final List<Entry> recorded = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() {
        provider.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void first_silent_losesToTheSecondAndIsLeftAndBilled(boolean stream) throws Exception {
        provider.script(FIRST, new Reaction.Hangs());
        provider.script(SECOND, Reaction.answers("the second").tokens(30, 7, 0, 0));

        Reply reply = ask(stream);

        assertThat(reply.content()).isEqualTo("the second");
        assertThat(provider.awaitAbandoned(PATIENCE)).as("the first is left").isTrue();
        Attempt loser = attempt(FIRST);
        assertThat(loser.failure()).containsInstanceOf(Failure.Cancelled.class);
        assertThat(loser.usage().estimated()).isTrue();
        assertThat(loser.cost().total().nanos()).isPositive();
        Attempt winner = attempt(SECOND);
        assertThat(winner.usage()).isEqualTo(Usage.of(30, 7));
        Money both = loser.cost().total().plus(winner.cost().total());
        assertThat(recorded.getFirst().totalCost()).isEqualTo(both);
    }

    @Test
    void first_withAPreambleOnly_losesToTheSecond() {
        provider.script(FIRST, new Reaction.FallsSilent(3));
        provider.script(SECOND, Reaction.answers("the second"));

        assertThat(ask(true).content()).isEqualTo("the second");
    }

    @Test
    void second_whichFailsAtOnce_neverWins() {
        provider.script(FIRST, Reaction.answers("the first").after(DELAY.multipliedBy(6)));
        provider.script(SECOND, Reaction.fails(500));

        assertThat(ask(true).content()).isEqualTo("the first");
        assertThat(recorded.getFirst().attempts()).hasSize(2);
        assertThat(attempt(SECOND).failure()).containsInstanceOf(Failure.ServerError.class);
    }

    @Test
    void second_whoseStreamBeginsWithAnError_neverWins() {
        provider.script(FIRST, Reaction.answers("the first").after(DELAY.multipliedBy(6)));
        provider.script(SECOND, new Reaction.ErrorEventFirst());

        assertThat(ask(true).content()).isEqualTo("the first");
        assertThat(attempt(SECOND).failure()).containsInstanceOf(Failure.Overloaded.class);
    }

    @Test
    void first_thatBeginsAfterTheSecondWasAsked_winsAndTheSecondIsLeft() throws Exception {
        provider.script(FIRST, Reaction.answers("the first").after(DELAY.multipliedBy(4)));
        provider.script(SECOND, new Reaction.Hangs());

        assertThat(ask(true).content()).isEqualTo("the first");
        assertThat(provider.awaitAbandoned(PATIENCE)).as("the second is left").isTrue();
        assertThat(attempt(SECOND).failure()).containsInstanceOf(Failure.Cancelled.class);
        assertThat(attempt(SECOND).cost().total().nanos()).isPositive();
    }

    @Test
    void first_thatIsFast_isAskedAlone() {
        provider.script(FIRST, Reaction.answers("the first"));
        provider.script(SECOND, Reaction.answers("the second"));

        assertThat(ask(Duration.ofSeconds(20), true).content()).isEqualTo("the first");
        assertThat(provider.requests()).hasSize(1);
    }

    private Reply ask(boolean stream) {
        return ask(DELAY, stream);
    }

    private Reply ask(Duration after, boolean stream) {
        AttemptRules rules = AttemptRules.DEFAULT.hedge(new HedgeSettings(Optional.of(after), 1));
        try (Router router =
                Router.builder()
                        .policy(
                                TestPolicies.of(
                                                provider,
                                                "anthropic/" + FIRST,
                                                "anthropic/" + SECOND)
                                        .attemptRules(rules)
                                        .build())
                        .recorder(recorded::add)
                        .build()) {
            StringBuilder pieces = new StringBuilder();
            Reply reply =
                    stream
                            ? router.streamAsync(Task.of("hello"), pieces::append).join()
                            : router.route(Task.of("hello"));
            assertThat(pieces.toString()).isEqualTo(stream ? reply.content() : "");
            return reply;
        }
    }

    private Attempt attempt(String model) {
        return recorded.getFirst().attempts().stream()
                .filter(attempt -> attempt.model().id().equals(model))
                .findFirst()
                .orElseThrow();
    }
}

package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Attempt;
import dev.pointsman.policy.Policy;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.Reaction;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody sets the machine's time while requests are under way. */
class ClockJumpTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    @Test
    void case59_wallClockThatJumps_movesNoClockOfAttempts() {
        try (FakeProvider provider = FakeProvider.start()) {
            provider.script("one", new Reaction.Hangs());
            provider.script("two", Reaction.answers("right"));
            Policy policy =
                    Policy.parse(
                            """
                            providers:
                              mock: { format: openai-chat, base-url: "%s/v1" }
                            categories:
                              work: { description: all there is, models: [mock/one, mock/two] }
                            default-category: work
                            attempts: { first-content: 300ms, total: 20s }
                            """
                                    .formatted(provider.url()),
                            "test");
            Router.Builder builder =
                    Router.builder().policy(policy).determinism(new Jumping(), () -> 1);
            try (Router router = builder.build()) {
                for (int i = 0; i < 3; i++) {
                    Reply reply = router.route("hello");
                    assertThat(reply.content()).isEqualTo("right");
                    for (Attempt attempt : reply.attempts()) {
                        assertThat(attempt.latency())
                                .isBetween(Duration.ZERO, Duration.ofSeconds(10));
                    }
                }
            }
        }
    }

    /** A year on, a year back, and so on, whenever it is looked at. */
    private static final class Jumping extends Clock {
        private final AtomicInteger looks = new AtomicInteger();

        @Override
        public Instant instant() {
            Duration year = Duration.ofDays(365);
            return looks.incrementAndGet() % 2 == 0 ? NOON.minus(year) : NOON.plus(year);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}

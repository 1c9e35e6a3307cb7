package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Entry;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.Category;
import dev.pointsman.policy.DeploymentLimits;
import dev.pointsman.policy.Faults;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Provider;
import dev.pointsman.wire.Format;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Providers that play faults, as a client of the gateway meets them. */
class FaultsTest {

    private final BlockingQueue<Entry> recorded = new LinkedBlockingQueue<>();
    private final Gateway gateway =
            Gateway.start(policy(), GatewayOptions.local().recorder(recorded::add));

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({
        "overloaded, 529, overloaded_error",
        "rate-limited, 429, rate_limit_error",
        "bad-request, 400, invalid_request_error",
        "auth, 401, authentication_error",
        "refused, 502, Connection refused",
        "error-first, 529, overloaded_error",
        "hang, 504, no content within",
        "error-later, 200, event: error",
        "ok, 200, message_stop",
    })
    void fault_thatTheModelNames_reachesTheClient(String fault, int status, String words)
            throws IOException, InterruptedException {
        Raw.Answer answer = Raw.once(gateway.port(), request(fault));

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.text()).contains(words);
        Entry entry = recorded.poll(10, TimeUnit.SECONDS);
        assertThat(entry).isNotNull();
        assertThat(entry.practice()).isTrue();
    }

    @Test
    void answer_thatIsCut_endsInAnErrorAndNotCleanly() throws IOException {
        try (Raw raw = Raw.to(gateway.port()).send(request("cut"))) {
            assertThat(raw.line()).contains("200");
            String line = raw.line();
            while (!line.equals("event: error")) {
                assertThat(line).doesNotContain("message_stop");
                line = raw.line();
            }
            assertThat(raw.line()).contains("api_error");
        }
    }

    @Test
    void request_beyondALimitOfThePolicy_isToldWhenToComeBack() throws IOException {
        Raw.Answer within = Raw.once(gateway.port(), requestOf("limited/ok"));
        Raw.Answer beyond = Raw.once(gateway.port(), requestOf("limited/ok"));

        assertThat(within.status()).isEqualTo(200);
        assertThat(beyond.status()).isEqualTo(429);
        assertThat(beyond.text()).contains("1 requests a minute are used up");
        assertThat(Integer.parseInt(beyond.header("retry-after"))).isBetween(1, 61);
        assertThat(beyond.header("x-should-retry")).isEmpty();
    }

    private static byte[] request(String fault) {
        return requestOf("chaos/" + fault);
    }

    private static byte[] requestOf(String model) {
        return Raw.request(
                "POST /v1/messages",
                Raw.utf8(
                        "{\"model\":\""
                                + model
                                + "\",\"max_tokens\":50,\"stream\":true,\"messages\":"
                                + "[{\"role\":\"user\",\"content\":\"hi\"}]}"),
                "content-type: application/json");
    }

    private static Policy policy() {
        return Policy.builtIn().toBuilder()
                .provider(Provider.faulty("chaos", Format.ANTHROPIC_MESSAGES, Faults.byName()))
                .provider(
                        Provider.faulty("limited", Format.ANTHROPIC_MESSAGES, Faults.byName())
                                .limits(new DeploymentLimits(0, 1, 0)))
                .category(Category.of("generation", "Anything", "chaos/ok"))
                .attempts(
                        new AttemptLimits(
                                1,
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(60)))
                .build();
    }
}

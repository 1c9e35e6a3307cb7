package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

import dev.pointsman.policy.GatewaySettings;
import dev.pointsman.testing.Reaction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** The only provider is out of order, and its callers try again: it is not called ever more. */
class OutageTest {

    private static final int CALLERS = 50;
    private static final int SDK_REQUESTS = 50;
    private static final int STUBBORN_REQUESTS = 200;
    private static final int ATTEMPTS = 3;

    private final Rig rig = Rig.start(GatewaySettings.DEFAULT);

    @AfterEach
    void close() {
        rig.close();
    }

    static Stream<Arguments> outages() {
        return Stream.of(
                Arguments.of(Reaction.fails(500)),
                Arguments.of(Reaction.fails(529)),
                Arguments.of(Reaction.fails(503)),
                Arguments.of(new Reaction.Resets()));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void case42_officialSdkThatRepeats_causesAtMostAFifthMoreCalls(Reaction outage)
            throws Exception {
        rig.provider().script("only", outage);
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            OpenAIClient client =
                    OpenAIOkHttpClient.builder()
                            .baseUrl("http://127.0.0.1:" + rig.port() + "/v1")
                            .apiKey("client-key")
                            .timeout(Duration.ofSeconds(30))
                            .build();
            all(callers, SDK_REQUESTS, () -> askSdk(client));
            client.close();
        }

        assertThat(callsForARequest(SDK_REQUESTS)).isBetween(1.0, 3.6);
    }

    @ParameterizedTest
    @MethodSource("outages")
    void case42_clientThatRepeatsWhateverIsSaid_causesAtMostAFifthMoreCalls(Reaction outage)
            throws Exception {
        rig.provider().script("only", outage);
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            all(callers, STUBBORN_REQUESTS, this::askStubbornly);
        }

        assertThat(callsForARequest(STUBBORN_REQUESTS)).isBetween(3.0, 3.6);
    }

    private static void all(ExecutorService callers, int requests, Asks ask) throws Exception {
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            done.add(
                    callers.submit(() -> {
                        ask.run();
                        return null;
                    }));
        }
        for (Future<?> each : done) {
            each.get();
        }
    }

    private double callsForARequest(int requests) {
        double calls = (double) rig.provider().requests("only").size() / requests;
        System.out.printf("outage: %.2f calls for a request%n", calls);
        return calls;
    }

    private static void askSdk(OpenAIClient client) {
        ChatCompletionCreateParams question =
                ChatCompletionCreateParams.builder()
                        .model("mock/only")
                        .addUserMessage("Are you there?")
                        .build();
        try {
            client.chat().completions().create(question);
            throw new AssertionError("the provider is out of order, and yet it answered");
        } catch (OpenAIException e) {
            // as it must be
        }
    }

    private void askStubbornly() throws IOException {
        byte[] body =
                Raw.utf8(
                        "{\"model\":\"mock/only\",\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]}");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Raw.Answer answer =
                    Raw.post(
                            rig.port(),
                            "/v1/chat/completions",
                            body,
                            "content-type: application/json");
            assertThat(answer.status()).isGreaterThanOrEqualTo(500);
        }
    }

    @FunctionalInterface
    private interface Asks {
        void run() throws IOException;
    }
}

package dev.pointsman.gateway;

import static dev.pointsman.gateway.Raw.utf8;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.pointsman.access.AccessKeys;
import dev.pointsman.budget.Budgets;
import dev.pointsman.core.Recorder;
import dev.pointsman.policy.Policy;
import dev.pointsman.route.Connection;
import dev.pointsman.route.DecisionIds;
import dev.pointsman.route.Parts;
import dev.pointsman.route.Sessions;
import dev.pointsman.transport.VertxTransport;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Clock;

/** What a caller is told when Pointsman itself is wrong. */
class DefectTest {

    @Test
    @SuppressWarnings("NullAway") // a defect is what this is about
    void defect_inServing_isA500InTheCallersEnvelopeAndOthersAreServed() throws IOException {
        Vertx vertx = VertxTransport.start();
        try (Connection connection = new Connection(() -> new VertxTransport(vertx), () -> 1)) {
            Clock clock = Clock.systemUTC();
            Parts parts =
                    Parts.of(
                            Policy.builtIn(),
                            Recorder.NONE,
                            Budgets.NONE,
                            true,
                            clock,
                            new DecisionIds(clock, () -> 1),
                            connection,
                            new Sessions(System::nanoTime, 1));
            Serving whole = Serving.of(parts, true, AccessKeys.NONE);
            Serving broken =
                    new Serving(
                            parts, whole.unrecorded(), whole.door(), null, null, whole.grants());
            HttpServer server =
                    new Entrance(new Shared(broken, new Metrics()))
                            .on(vertx.createHttpServer(Entrance.options(broken.limits())));
            server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
            try (Raw raw = Raw.to(server.actualPort())) {
                raw.send(
                        Raw.request(
                                "GET /v1/models", new byte[0], "anthropic-version: 2023-06-01"));
                assertDefect(raw.read());
                byte[] asked = utf8("{\"model\":\"auto\",\"max_tokens\":1,\"messages\":[]}");
                raw.send(Raw.request("POST /v1/messages", asked));
                assertDefect(raw.read());
                raw.send(Raw.request("GET /", new byte[0]));
                assertThat(raw.read().status()).isEqualTo(200);
            }
        } finally {
            vertx.close();
        }
    }

    private static void assertDefect(Raw.Answer answer) throws IOException {
        assertThat(answer.status()).isEqualTo(500);
        assertThat(new ObjectMapper().readTree(answer.body()).at("/error/type").asText())
                .isEqualTo("api_error");
    }
}

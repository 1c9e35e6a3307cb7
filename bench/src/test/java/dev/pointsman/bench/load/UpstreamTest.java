package dev.pointsman.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** The load generator against the upstream, in two processes as in a measurement. */
@EnabledOnOs(OS.LINUX)
final class UpstreamTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Client client = new Client();
    private final Target upstream;

    UpstreamTest(@TempDir Path folder) {
        upstream = JavaPrograms.upstream(folder);
    }

    @AfterEach
    void end() {
        client.close();
        upstream.program().close();
    }

    @Test
    void upstream_requests_allAnswered() {
        Histogram latency =
                client.await(
                        ClosedLoop.sequence(
                                client,
                                upstream.port(),
                                Payloads.large(Payloads.NAMED, 400_000),
                                20),
                        LIMIT);
        assertThat(latency.getTotalCount()).isEqualTo(20);
    }

    @Test
    void upstream_constantRate_asManyAsMeant() {
        Histogram latency =
                client.await(
                        OpenLoop.start(
                                client,
                                upstream.port(),
                                Payloads.requests(Payloads.NAMED),
                                1000,
                                500),
                        LIMIT);
        assertThat(latency.getTotalCount()).isEqualTo(500);
    }

    @Test
    void upstream_streams_everyChunkCarriesItsTime() {
        StreamLoad.Seen seen =
                client.await(
                        StreamLoad.start(client, upstream.port(), 20, 5, Duration.ofMillis(100)),
                        LIMIT);
        assertThat(seen.first().getTotalCount()).isEqualTo(20);
        assertThat(seen.delay().getTotalCount()).isEqualTo(100);
    }

    @Test
    void upstream_clientsThatLeave_allServed() {
        Failures failures = client.await(Aborts.start(client, upstream.port(), 200), LIMIT);
        assertThat(failures).hasToString("none");
    }
}

package dev.pointsman.gateway;

import static dev.pointsman.gateway.Raw.utf8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Entry;
import dev.pointsman.core.Recorder;
import dev.pointsman.policy.Policy;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.testing.Reaction;
import dev.pointsman.testing.Reaction.Ending;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Callers who leave, ask much or come at a bad time. Numbers as in docs/reliability.md. */
class CallerCasesTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final String PIECE =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.start("");
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static byte[] asks(String model) {
        return utf8(
                "{\"model\":\""
                        + model
                        + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":"
                        + "\"hi\"}]}");
    }

    private Entry lastEntry() throws InterruptedException {
        return Objects.requireNonNull(
                rig.entries().poll(PATIENCE.toSeconds(), TimeUnit.SECONDS), "an entry");
    }

    @Test
    void case10_callerThatLeft_isSettledOnceForWhatCameUntilThen() throws Exception {
        rig.provider()
                .script(
                        "one",
                        Reaction.streams(List.of(PIECE, PIECE, PIECE)).only(3, Ending.SILENCE));
        try (Raw raw = Raw.to(rig.port())) {
            raw.send(Raw.request("POST " + CHAT, asks("auto")));
            for (int pieces = 0; pieces < 3; ) {
                pieces += raw.line().startsWith("data:") ? 1 : 0;
            }
        }
        assertThat(rig.provider().awaitAbandoned(SOON)).isTrue();
        Entry entry = lastEntry();
        assertThat(entry.attempts()).hasSize(1);
        assertThat(entry.attempts().getFirst().usage().estimated()).isTrue();
        assertThat(entry.attempts().getFirst().usage().output()).isEqualTo(3);
        assertThat(rig.entries()).isEmpty();
    }

    @Test
    void case11_callerThatLeft_getsNoFurtherAttempt() throws Exception {
        rig.provider().script("one", new Reaction.Hangs());
        try (Raw raw = Raw.to(rig.port())) {
            raw.send(Raw.request("POST " + CHAT, asks("auto")));
            assertThat(rig.provider().awaitLive(1, PATIENCE)).isTrue();
        }
        assertThat(rig.provider().awaitAbandoned(SOON)).isTrue();
        assertThat(lastEntry().attempts()).hasSize(1);
        assertThat(rig.provider().requests("two")).isEmpty();
    }

    @Test
    void case13_halfOfACharacter_passesUnchangedAndIsReplacedInAnotherFormat() throws IOException {
        String text =
                "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"\\ud83d\"}]}";
        byte[] same = utf8(text.formatted("mock/m"));
        assertThat(Raw.post(rig.port(), CHAT, same).status()).isEqualTo(200);
        assertThat(rig.provider().requests().getLast().text()).isEqualTo(text.formatted("m"));
        byte[] other = utf8(text.formatted("mockclaude/m"));
        assertThat(Raw.post(rig.port(), CHAT, other).status()).isEqualTo(200);
        byte[] sent = rig.provider().requests().getLast().bytes();
        assertThat(new String(sent, StandardCharsets.UTF_8)).doesNotContain("\\ud83d\"");
    }

    @Test
    void case21_imageOfThirtyMegabytesInBase64_isServedInBothWays() throws IOException {
        String image = "data:image/png;base64," + "iVBO".repeat(30 << 18);
        String body =
                "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":"
                        + "\"image_url\",\"image_url\":{\"url\":\""
                        + image
                        + "\"}}]}]}";
        assertThat(Raw.post(rig.port(), CHAT, utf8(body.formatted("mock/m"))).status())
                .isEqualTo(200);
        assertThat(rig.provider().requests().getLast().text().equals(body.formatted("m"))).isTrue();
        assertThat(Raw.post(rig.port(), CHAT, utf8(body.formatted("mockclaude/m"))).status())
                .isEqualTo(200);
        assertThat(rig.provider().requests().getLast().text()).hasSizeGreaterThan(image.length());
    }

    @Test
    void case22_bodyAnnouncedTooLarge_isRefusedUnreadAndOthersAreServed() throws IOException {
        try (Raw raw = Raw.to(rig.port())) {
            raw.send(
                    "POST "
                            + CHAT
                            + " HTTP/1.1\r\nhost: x\r\ncontent-length: "
                            + ((64L << 20) + 1)
                            + "\r\n\r\n");
            assertThat(raw.read().status()).isEqualTo(413);
        }
        assertThat(Raw.post(rig.port(), CHAT, asks("auto")).status()).isEqualTo(200);
    }

    @Test
    void case51_drain_finishesStreamsAndTakesNoNewConnection() throws Exception {
        rig.provider()
                .script(
                        "one",
                        Reaction.streams(List.of(PIECE, PIECE, PIECE, DONE))
                                .every(Duration.ofMillis(250)));
        try (Raw raw = Raw.to(rig.port())) {
            raw.send(Raw.request("POST " + CHAT, asks("auto")));
            assertThat(raw.line()).contains("200");
            CompletableFuture<Boolean> drained =
                    CompletableFuture.supplyAsync(() -> rig.gateway().drain(PATIENCE));
            String last = raw.line();
            while (!last.startsWith("data: [DONE]")) {
                last = raw.line();
            }
            assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(lastEntry().attempts().getFirst().failure()).isEmpty();
        assertThat(refusesConnections(rig.port())).isTrue();
    }

    private static boolean refusesConnections(int port) {
        try (Raw raw = Raw.to(port)) {
            raw.send(Raw.request("GET /", new byte[0]));
            return raw.readByte() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void case52_callersThatAbort_leaveNoConnectionBehind() throws Exception {
        rig.provider().script("one", new Reaction.Hangs());
        for (int round = 0; round < 20; round++) {
            List<Raw> callers = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                callers.add(Raw.to(rig.port()).send(Raw.request("POST " + CHAT, asks("auto"))));
            }
            assertThat(rig.provider().awaitLive(25, PATIENCE)).isTrue();
            for (Raw caller : callers) {
                caller.close();
            }
            assertThat(rig.provider().awaitLive(0, PATIENCE)).isTrue();
        }
        assertThat(rig.provider().openConnections()).isLessThan(25);
    }

    /** From jars alone, as it ships: no class then needs a file descriptor of its own. */
    private static String inJars(Path folder) throws IOException {
        List<String> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path place = Path.of(entry);
            path.add(
                    Files.isDirectory(place)
                            ? jar(place, folder.resolve(path.size() + ".jar")).toString()
                            : entry);
        }
        return String.join(File.pathSeparator, path);
    }

    private static Path jar(Path classes, Path jar) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    @Test
    void case52_noFileDescriptorLeft_isOutlived(@TempDir Path folder) throws Exception {
        Process process =
                new ProcessBuilder(
                                "bash",
                                "-c",
                                "ulimit -n 256 && exec \"$0\" --enable-native-access=ALL-UNNAMED"
                                        + " -cp \"$1\" \"$2\"",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                inJars(folder),
                                Narrow.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        List<Raw> callers = new ArrayList<>();
        try (BufferedReader out = process.inputReader()) {
            int port = Integer.parseInt(Objects.requireNonNull(out.readLine()));
            assertThat(Raw.post(port, CHAT, asks("auto")).status()).isEqualTo(200);
            for (int i = 0; i < 400; i++) {
                callers.add(Raw.to(port));
            }
            assertThat(process.isAlive()).isTrue();
            for (Raw caller : callers) {
                caller.close();
            }
            assertThat(Raw.post(port, CHAT, asks("auto")).status()).isEqualTo(200);
        } finally {
            for (Raw caller : callers) {
                caller.close();
            }
            process.destroyForcibly().waitFor();
        }
    }

    /** A gateway in a process with few file descriptors; prints its port. */
    static final class Narrow {
        public static void main(String[] args) throws InterruptedException {
            // looked for in every jar, which opens them all
            Narrow.class.getClassLoader().getResource("none-of-this-name");
            Gateway gateway =
                    Gateway.start(Policy.builtIn(), GatewayOptions.local().practice(true));
            System.out.println(gateway.port());
            Thread.currentThread().join();
        }
    }

    @Test
    void case58_reloadUnderLoad_dropsNoRequest() throws Exception {
        CompletableFuture<Integer> asked =
                CompletableFuture.supplyAsync(() -> {
                    int right = 0;
                    for (int i = 0; i < 300; i++) {
                        right += answered() ? 1 : 0;
                    }
                    return right;
                });
        int reloads = 0;
        while (!asked.isDone()) {
            Policy policy = rig.gateway().policy();
            rig.gateway().reload(policy.toBuilder().build());
            reloads++;
        }
        assertThat(asked.get()).isEqualTo(300);
        assertThat(reloads).isGreaterThan(3);
    }

    private boolean answered() {
        try {
            return Raw.post(rig.port(), CHAT, asks("auto")).status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void case47_recorderThatThrows_costsNoAnswer() throws IOException {
        Recorder broken =
                entry -> {
                    throw new IllegalStateException("the database is gone");
                };
        GatewayOptions options = GatewayOptions.local().recorder(broken);
        try (Gateway gateway = Gateway.start(rig.gateway().policy(), options)) {
            for (int i = 0; i < 3; i++) {
                byte[] whole = utf8("{\"model\":\"auto\",\"messages\":[]}");
                assertThat(Raw.post(gateway.port(), CHAT, whole).status()).isEqualTo(200);
                assertThat(Raw.post(gateway.port(), CHAT, asks("auto")).status()).isEqualTo(200);
            }
            Raw.Answer ready =
                    Raw.once(gateway.adminPort(), Raw.request("GET /readyz", new byte[0]));
            assertThat(ready.status()).isEqualTo(200);
        }
    }

    @Test
    void case57_countOfTokens_isEstimatedWhereTheProviderHasNone() throws IOException {
        rig.provider().script("m", Reaction.fails(404));
        for (String model : List.of("mockclaude/m", "mock/m")) {
            byte[] body =
                    utf8(
                            "{\"model\":\""
                                    + model
                                    + "\",\"messages\":[{\"role\":\"user\",\"content\":\"count"
                                    + " me, please\"}]}");
            Raw.Answer answer = Raw.post(rig.port(), "/v1/messages/count_tokens", body);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.text()).containsPattern("\"input_tokens\":[1-9]");
            assertThat(answer.header("x-pointsman-estimated")).isEqualTo("true");
        }
        for (ProviderRequest seen : rig.provider().requests()) {
            assertThat(seen.path()).endsWith("/count_tokens");
        }
    }
}

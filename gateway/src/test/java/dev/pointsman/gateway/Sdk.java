package dev.pointsman.gateway;

import dev.pointsman.gateway.Ask.Heard;
import dev.pointsman.wire.Format;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** An official SDK as a client; it validates whatever it reads. */
interface Sdk extends AutoCloseable {

    Duration PATIENCE = Duration.ofSeconds(10);

    Format format();

    Heard ask(Ask ask);

    /** The next turn: what was heard goes back with a result for each of its calls. */
    Heard answer(Ask ask, Heard first);

    /** The exception that a status makes. */
    Class<? extends Throwable> exceptionOf(int status);

    int statusOf(Throwable failure);

    @Override
    void close();

    static List<Sdk> all(int port) {
        String url = "http://127.0.0.1:" + port;
        return List.of(
                new AnthropicSdk(url), new ChatSdk(url), new ResponsesSdk(url), new GeminiSdk(url));
    }

    /** The list in {@code x-pointsman-dropped}. */
    static List<String> dropped(Function<String, List<String>> header) {
        return header.apply("x-pointsman-dropped").stream()
                .flatMap(list -> List.of(list.split(",")).stream())
                .map(String::strip)
                .toList();
    }
}

package dev.pointsman.bench;

import dev.pointsman.core.Model;
import dev.pointsman.wire.AnswerTranslator;
import dev.pointsman.wire.Body;
import dev.pointsman.wire.Format;
import dev.pointsman.wire.Frame;
import dev.pointsman.wire.Operation;
import dev.pointsman.wire.Peek;
import dev.pointsman.wire.RequestException;
import dev.pointsman.wire.Splice;
import dev.pointsman.wire.StreamWatch;
import dev.pointsman.wire.Translation;
import dev.pointsman.wire.WireRequest;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What it costs to bring a request of 1.5 KB to a provider of another format, and a stream of a
 * hundred events back, beside what passing the bytes through costs. One thread, mean times; {@code
 * main} prints a row a pair: the request's time beyond splicing, and an event's beyond watching it
 * go by.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-XX:+UseSerialGC", "-Xmx256m"})
public class TranslationBenchmark {

    private static final int WORDS = 96;
    private static final Model MODEL = Model.unknown("provider", "model-1");

    /** A pair of formats. */
    @State(Scope.Thread)
    public static class Pair {
        /** The caller's, and the provider's. */
        @Param({
            "anthropic-messages>openai-chat",
            "anthropic-messages>openai-responses",
            "anthropic-messages>gemini",
            "openai-chat>anthropic-messages",
            "openai-chat>openai-responses",
            "openai-chat>gemini",
            "openai-responses>anthropic-messages",
            "openai-responses>openai-chat",
            "openai-responses>gemini",
            "gemini>anthropic-messages",
            "gemini>openai-chat",
            "gemini>openai-responses"
        })
        private String pair = "openai-chat>gemini";

        private Format caller = Format.OPENAI_CHAT;
        private Format provider = Format.GEMINI;
        private byte[] request = {};
        private List<byte[]> stream = List.of();

        /** Makes a request and a stream in the formats of the pair. */
        @Setup(Level.Trial)
        public void make() throws RequestException {
            int by = pair.indexOf('>');
            caller = Format.of(pair.substring(0, by)).orElseThrow();
            provider = Format.of(pair.substring(by + 1)).orElseThrow();
            byte[] chat = chatRequest();
            Translation read = Translation.of(Format.OPENAI_CHAT, chat);
            request =
                    caller == Format.OPENAI_CHAT
                            ? chat
                            : read.request(caller, MODEL, true).body().bytes();
            stream =
                    provider == Format.OPENAI_CHAT
                            ? events(chatStream())
                            : events(
                                    Translation.of(
                                                    provider,
                                                    read.request(provider, MODEL, true)
                                                            .body()
                                                            .bytes())
                                            .answer(Format.OPENAI_CHAT, frame(), false)
                                            .feed(chatStream()));
        }

        Translation translation() throws RequestException {
            return Translation.of(caller, request);
        }
    }

    /** The request, read and written anew. */
    @Benchmark
    public WireRequest request(Pair pair) throws RequestException {
        Translation translation = pair.translation();
        translation.obstacle(pair.provider, MODEL).ifPresent(IllegalStateException::new);
        return translation.request(pair.provider, MODEL, true);
    }

    /** The request with its model spliced in; its peek is left out, for both have it. */
    @Benchmark
    public Body requestSpliced(Spliced spliced) {
        return Splice.of(spliced.peek, "model-1", false);
    }

    /** The stream, event by event. */
    @Benchmark
    public long stream(Translators translators, Pair pair) {
        AnswerTranslator translator =
                translators.translation(pair).answer(pair.provider, frame(), false);
        long bytes = 0;
        for (byte[] event : pair.stream) {
            bytes += translator.feed(event).length;
        }
        return bytes + translator.close().length;
    }

    /** The stream, watched as it goes by. */
    @Benchmark
    public long streamWatched(Pair pair) {
        StreamWatch watch = new StreamWatch(pair.provider, false, false);
        long bytes = 0;
        for (byte[] event : pair.stream) {
            bytes += watch.feed(event).length;
        }
        return bytes + watch.close().length;
    }

    /** A request's peek. */
    @State(Scope.Thread)
    public static class Spliced {
        private Peek peek = peek();

        private static Peek peek() {
            try {
                return Peek.of(Format.OPENAI_CHAT, Operation.ANSWER, chatRequest());
            } catch (RequestException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A request read once, for its answers. */
    @State(Scope.Thread)
    public static class Translators {
        private final Map<String, Translation> read = new TreeMap<>();

        Translation translation(Pair pair) {
            return read.computeIfAbsent(
                    pair.pair,
                    name -> {
                        try {
                            return pair.translation();
                        } catch (RequestException e) {
                            throw new IllegalStateException(e);
                        }
                    });
        }
    }

    private static Frame frame() {
        return new Frame("0123456789", "model-1", 1_700_000_000, 400, true);
    }

    private static byte[] chatRequest() {
        String words = "Say in a few words what this change does, and what could break. ".repeat(5);
        return """
        {"model":"model-1","stream":true,"max_tokens":1024,"temperature":0.2,"stop":["END"],
         "messages":[{"role":"system","content":"You review changes."},
         {"role":"user","content":"WORDS"},
         {"role":"assistant","content":"It renames a field.","tool_calls":[{"id":"call_1",
         "type":"function","function":{"name":"read_file",
         "arguments":"{\\"path\\":\\"src/Main.java\\"}"}}]},
         {"role":"tool","tool_call_id":"call_1","content":"class Main { int answer = 42; }"},
         {"role":"user","content":"WORDS"}],
         "tools":[{"type":"function","function":{"name":"read_file",
         "description":"Reads a file of the project","parameters":{"type":"object",
         "properties":{"path":{"type":"string"}},"required":["path"]}}}]}
        """
                .replace("WORDS", words)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] chatStream() {
        StringBuilder stream = new StringBuilder();
        stream.append(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
        for (int i = 0; i < WORDS; i++) {
            stream.append(chunk("{\"content\":\" word" + i + "\"}", "null"));
        }
        stream.append(chunk("{}", "\"stop\""));
        stream.append(
                """
                data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],\
                "usage":{"prompt_tokens":400,"completion_tokens":96,"total_tokens":496}}

                data: [DONE]

                """);
        return stream.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String chunk(String delta, String finish) {
        return "data:"
                   + " {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                   + "\"model\":\"model-1\",\"choices\":[{\"index\":0,\"delta\":"
                + delta
                + ",\"finish_reason\":"
                + finish
                + "}]}\n\n";
    }

    private static List<byte[]> events(byte[] stream) {
        List<byte[]> events = new ArrayList<>();
        int from = 0;
        for (int i = 1; i < stream.length; i++) {
            if (stream[i] == '\n' && stream[i - 1] == '\n') {
                events.add(Arrays.copyOfRange(stream, from, i + 1));
                from = i + 1;
            }
        }
        return events;
    }

    /** Runs all pairs and prints a row for each. */
    public static void main(String[] arguments) throws RunnerException, RequestException {
        Map<String, Double> means = new TreeMap<>();
        for (RunResult result :
                new Runner(
                                new OptionsBuilder()
                                        .include(TranslationBenchmark.class.getSimpleName())
                                        .build())
                        .run()) {
            String name = result.getPrimaryResult().getLabel();
            String pair = String.valueOf(result.getParams().getParam("pair"));
            means.put(name + " " + pair, result.getPrimaryResult().getScore());
        }
        double spliced = mean(means, "requestSpliced null");
        System.out.printf(
                "%nBeyond passing through (splicing a request: %.2f us); goals 40 us a request, 3"
                        + " us an event%n",
                spliced);
        System.out.printf(
                "%-42s %14s %14s %8s%n", "caller > provider", "request, us", "event, us", "events");
        for (String key : means.keySet()) {
            if (key.startsWith("request ")) {
                String name = key.substring("request ".length());
                Pair pair = new Pair();
                pair.pair = name;
                pair.make();
                int events = pair.stream.size();
                double event =
                        (mean(means, "stream " + name) - mean(means, "streamWatched " + name))
                                / events;
                System.out.printf(
                        "%-42s %14.2f %14.3f %8d%n",
                        name, mean(means, key) - spliced, event, events);
            }
        }
    }

    private static double mean(Map<String, Double> means, String name) {
        return Objects.requireNonNull(means.get(name), name);
    }
}

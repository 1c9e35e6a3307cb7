package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.testing.RandomJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

class SpliceTest {

    private static final int CASES = 2_000;

    private static String spliced(
            Format format, Operation operation, String body, String model, boolean ask)
            throws RequestException {
        Peek peek = Peek.of(format, operation, body.getBytes(StandardCharsets.UTF_8));
        return new String(Splice.of(peek, model, ask).bytes(), StandardCharsets.UTF_8);
    }

    private static String chat(String body, boolean ask) throws RequestException {
        return spliced(Format.OPENAI_CHAT, Operation.ANSWER, body, "new", ask);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"model\":\"m\",\"messages\":[]}"
                        + "|{\"stream_options\":{\"include_usage\":true},"
                        + "\"model\":\"new\",\"messages\":[]}",
                "{ \"messages\":[] ,\"model\": \"m\" }"
                        + "|{\"stream_options\":{\"include_usage\":true},"
                        + " \"messages\":[] ,\"model\": \"new\" }",
                "{\"model\":\"m\",\"messages\":[],\"stream_options\":null}"
                        + "|{\"model\":\"new\",\"messages\":[],"
                        + "\"stream_options\":{\"include_usage\":true}}",
                "{\"stream_options\":{ },\"model\":\"m\",\"messages\":[]}"
                        + "|{\"stream_options\":{\"include_usage\":true },"
                        + "\"model\":\"new\",\"messages\":[]}",
                "{\"stream_options\": { \"a\":1},\"model\":\"m\",\"messages\":[]}"
                        + "|{\"stream_options\": {\"include_usage\":true, \"a\":1},"
                        + "\"model\":\"new\",\"messages\":[]}",
                "{\"model\":\"m\",\"messages\":[],\"stream_options\":{\"include_usage\" : false }}"
                        + "|{\"model\":\"new\",\"messages\":[],"
                        + "\"stream_options\":{\"include_usage\" : true }}",
                "{\"model\":\"m\",\"messages\":[],\"stream_options\":{\"include_usage\":[1]}}"
                        + "|{\"model\":\"new\",\"messages\":[],"
                        + "\"stream_options\":{\"include_usage\":true}}",
                "{\"model\":\"m\",\"messages\":[],\"stream_options\":{\"include_usage\":true}}"
                        + "|{\"model\":\"new\",\"messages\":[],"
                        + "\"stream_options\":{\"include_usage\":true}}"
            })
    void streamOptions_inEveryShape_askForUsage(String body, String expected)
            throws RequestException {
        assertThat(chat(body, true)).isEqualTo(expected);
    }

    @Test
    void case56_conversation_oneTurnLonger_hasTheEarlierOneAsItsPrefix() throws RequestException {
        String begin = "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\"}";
        for (boolean ask : new boolean[] {false, true}) {
            String one = chat(begin + "]}", ask);
            String two = chat(begin + ",{\"role\":\"assistant\"},{\"role\":\"user\"}]}", ask);
            assertThat(two).startsWith(one.substring(0, one.length() - "]}".length()));
        }
    }

    @Test
    void model_withLoneSurrogate_isStillJson() throws RequestException, IOException {
        String body = "{\"model\":\"m\",\"messages\":[]}";
        String changed = spliced(Format.OPENAI_CHAT, Operation.ANSWER, body, "a\ud800b", false);
        assertThat(Json.read(changed).path("model").asText()).isEqualTo("a\ud800b");
    }

    @Test
    void unknownField_thatAnotherFormatKnows_isLeftAlone() throws RequestException {
        String body =
                "{\"model\":\"m\",\"messages\":[],\"generateContentRequest\":{\"model\":\"x\"}}";
        assertThat(chat(body, false)).isEqualTo(body.replace("\"m\"", "\"new\""));
        String odd = "{\"model\":\"m\",\"messages\":[],\"generateContentRequest\":5}";
        assertThat(chat(odd, false)).isEqualTo(odd.replace("\"m\"", "\"new\""));
    }

    @Test
    void gemini_modelsWithinRequests_areAllReplaced() throws RequestException {
        assertThat(
                        spliced(
                                Format.GEMINI,
                                Operation.COUNT_TOKENS,
                                "{\"generateContentRequest\":{\"model\":\"models/a\",\"contents\":[]}}",
                                "models/n",
                                false))
                .isEqualTo("{\"generateContentRequest\":{\"model\":\"models/n\",\"contents\":[]}}");
        String batch =
                "{\"requests\":[{\"model\":\"a\",\"content\":{}},"
                        + " {\"content\":{},\"model\":\"b\"}]}";
        assertThat(spliced(Format.GEMINI, Operation.EMBED_BATCH, batch, "n", false))
                .isEqualTo(batch.replace("\"a\"", "\"n\"").replace("\"b\"", "\"n\""));
        Peek peek =
                Peek.of(
                        Format.GEMINI,
                        Operation.EMBED_BATCH,
                        batch.getBytes(StandardCharsets.UTF_8));
        assertThat(new String(Splice.ofBatch(peek, 1, "n").bytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"content\":{},\"model\":\"n\"}");
    }

    @ParameterizedTest
    @CsvSource(
            value = {"{\"a\":1}", "[1]", "5", "null"},
            delimiter = '|',
            quoteCharacter = '~')
    void gemini_modelOfAnotherTypeWithinARequest_staysJson(String model)
            throws RequestException, IOException {
        String batch = "{\"requests\":[{\"model\":" + model + ",\"content\":{}}]}";
        assertThat(spliced(Format.GEMINI, Operation.EMBED_BATCH, batch, "n", false))
                .isEqualTo(batch);
        String count = "{\"generateContentRequest\":{\"model\":" + model + ",\"contents\":[]}}";
        assertThat(spliced(Format.GEMINI, Operation.COUNT_TOKENS, count, "n", false))
                .isEqualTo(count);
    }

    @Test
    void randomRequest_spliced_changesTheModelAndNothingElse() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("SpliceTest seed " + seed);
        Random random = new Random(seed);
        RandomJson json = new RandomJson(random);
        for (int i = 0; i < CASES; i++) {
            Format format = json.any(List.of(Format.values()));
            String value = '"' + json.characters() + "m\"";
            String[] split = body(json, random, format, value);
            String body = split[0] + value + split[1];
            String as = "seed " + seed + " case " + i + ": " + body;
            assertThat(spliced(format, Operation.ANSWER, body, "n\"\u00e9", false))
                    .as(as)
                    .isEqualTo(split[0] + "\"n\\\"\u00e9\"" + split[1]);
            if (format == Format.OPENAI_CHAT) {
                JsonNode asked = Json.read(spliced(format, Operation.ANSWER, body, "n", true));
                ObjectNode expected = (ObjectNode) Json.read(body);
                expected.put("model", "n");
                expected.putObject("stream_options").put("include_usage", true);
                assertThat(asked).as(as).isEqualTo(expected);
            }
        }
    }

    /** What stands before the model's value and after it. */
    private static String[] body(RandomJson json, Random random, Format format, String value) {
        String talk =
                switch (format) {
                    case OPENAI_CHAT, ANTHROPIC_MESSAGES -> "messages";
                    case OPENAI_RESPONSES -> "input";
                    case GEMINI -> "contents";
                };
        List<String> fields = new ArrayList<>();
        fields.add("\"model\"" + json.space() + ":" + json.space() + "@");
        fields.add("\"" + talk + "\":[{\"role\":\"user\",\"content\":" + json.value() + "}]");
        if (format == Format.ANTHROPIC_MESSAGES) {
            fields.add("\"max_tokens\":1");
        }
        for (int more = random.nextInt(4); more > 0; more--) {
            fields.add("\"x" + json.characters() + "\":" + json.value());
        }
        Collections.shuffle(fields, random);
        String between = json.space() + "," + json.space();
        String body = json.space() + "{" + String.join(between, fields) + "}" + json.space();
        int at = body.indexOf('@');
        return new String[] {body.substring(0, at), body.substring(at + 1)};
    }
}

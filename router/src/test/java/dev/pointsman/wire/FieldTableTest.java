package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.catalog.Catalog;
import dev.pointsman.core.Model;
import dev.pointsman.wire.FieldTable.Fate;

import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The table of fields says what happens: each row's sample goes to each other format. */
class FieldTableTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A field is carried if one model of the format is told it, dropped if none is. */
    private static final Map<Format, List<String>> MODELS =
            Map.of(
                    Format.ANTHROPIC_MESSAGES,
                    List.of("anthropic/claude-sonnet-4-5", "anthropic/claude-opus-4-6"),
                    Format.OPENAI_CHAT,
                    List.of("openai/gpt-4.1", "openai/gpt-5.4"),
                    Format.OPENAI_RESPONSES,
                    List.of("openai/gpt-4.1", "openai/gpt-5.4"),
                    Format.GEMINI,
                    List.of("google/gemini-2.5-flash", "google/gemini-3-flash-preview"));

    private static final Map<Format, String> LEAST =
            Map.of(
                    Format.ANTHROPIC_MESSAGES,
                    "{'model':'m','max_tokens':1024,'messages':[{'role':'user','content':'Hi'}]}",
                    Format.OPENAI_CHAT,
                    "{'model':'m','messages':[{'role':'user','content':'Hi'}]}",
                    Format.OPENAI_RESPONSES,
                    "{'model':'m','input':'Hi'}",
                    Format.GEMINI,
                    "{'contents':[{'role':'user','parts':[{'text':'Hi'}]}]}");

    /** What a request has anyway, or what is said apart from the conversation. */
    private static final Set<String> UNSEEN =
            Set.of(
                    "model",
                    "stream",
                    "text.format(text)",
                    "include(reasoning.encrypted_content)",
                    "reasoning.enabled",
                    "thinking.type",
                    "generationConfig.responseModalities");

    private static final String FOREIGN = "reasoning of another provider";

    /** What writers call a field whose name is another in each format. */
    private static final Map<String, String> NEUTRAL =
            Map.ofEntries(
                    Map.entry("thinking", FOREIGN),
                    Map.entry("signature", FOREIGN),
                    Map.entry("data", FOREIGN),
                    Map.entry("reasoning_content", FOREIGN),
                    Map.entry("encrypted_content", FOREIGN),
                    Map.entry("thought", FOREIGN),
                    Map.entry("thoughtSignature", FOREIGN),
                    Map.entry("disable_parallel_tool_use", "parallel_tool_calls"),
                    Map.entry("user_id", "user"),
                    Map.entry("safety_identifier", "user"),
                    Map.entry("stop_sequences", "stop"),
                    Map.entry("stopSequences", "stop"),
                    Map.entry("top_logprobs", "logprobs"),
                    Map.entry("logprobs)", "logprobs"),
                    Map.entry("responseLogprobs", "logprobs"),
                    Map.entry("filename", "file name"),
                    Map.entry("displayName", "file name"),
                    Map.entry("is_error", "tool_result_error"),
                    Map.entry("response_format", "json_mode"),
                    Map.entry("responseMimeType", "json_mode"),
                    Map.entry("summary", "reasoning display"),
                    Map.entry("generate_summary", "reasoning display"),
                    Map.entry("includeThoughts", "reasoning display"),
                    Map.entry("display", "reasoning display"));

    @TestFactory
    Stream<DynamicNode> rows() {
        return FieldTable.KNOWN.rows().stream()
                .filter(row -> !row.sample().isEmpty())
                .flatMap(row ->
                        Arrays.stream(Format.values())
                                .filter(to -> to != row.format())
                                .map(to ->
                                        DynamicTest.dynamicTest(
                                                row.format().label()
                                                        + " "
                                                        + row.path()
                                                        + " to "
                                                        + to.label(),
                                                () -> check(row, to))));
    }

    private static void check(FieldTable.Row row, Format to) throws Exception {
        ObjectNode least = (ObjectNode) MAPPER.readTree(LEAST.get(row.format()).replace('\'', '"'));
        ObjectNode with = least.deepCopy();
        with.setAll((ObjectNode) MAPPER.readTree(row.sample()));
        Translation translation = Translation.of(row.format(), MAPPER.writeValueAsBytes(with));
        Translation plain = Translation.of(row.format(), MAPPER.writeValueAsBytes(least));
        Fate fate = Objects.requireNonNull(row.fates().get(to));
        boolean shows = !with.equals(least) && !UNSEEN.contains(row.path());
        List<String> obstacles = new ArrayList<>();
        List<String> told = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (Model model : models(to)) {
            Optional<String> obstacle = translation.obstacle(to, model);
            if (obstacle.isPresent()) {
                obstacles.add(obstacle.get());
                continue;
            }
            WireRequest request = translation.request(to, model, false);
            boolean named = request.dropped().stream().anyMatch(some -> names(some, row.path()));
            if (!named) {
                silent.add(model.id() + " " + request.dropped());
                boolean same = same(request, plain.request(to, model, false));
                if (!shows || !same) {
                    told.add(model.id());
                }
            }
        }
        switch (fate) {
            case Fate.Carried carried -> assertThat(told).as("told; " + obstacles).isNotEmpty();
            case Fate.Dropped dropped -> {
                assertThat(silent).isEmpty();
                // where even the rest of the sample is refused there is nothing to leave out
                assertThat(obstacles).noneMatch(why -> why.contains("(" + row.path() + ")"));
            }
            case Fate.Rejected why ->
                    assertThat(obstacles)
                            .hasSize(models(to).size())
                            .allMatch(obstacle -> obstacle.contains(why.reason()));
        }
    }

    private static boolean same(WireRequest one, WireRequest other) {
        return Arrays.equals(one.body().bytes(), other.body().bytes());
    }

    private static List<Model> models(Format format) {
        return Objects.requireNonNull(MODELS.get(format)).stream()
                .map(ref -> {
                    int slash = ref.indexOf('/');
                    return Catalog.builtIn()
                            .find(ref.substring(0, slash), ref.substring(slash + 1))
                            .orElseThrow();
                })
                .toList();
    }

    /** A path, or the words of a writer that hold its last name. */
    private static boolean names(String dropped, String path) {
        if (dropped.equals(path)) {
            return true;
        }
        String last = path.substring(path.lastIndexOf('.') + 1).replaceAll("\\(.*", "");
        String said = dropped.substring(dropped.lastIndexOf('.') + 1);
        return plain(said).contains(plain(last)) || dropped.equals(NEUTRAL.get(last));
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}

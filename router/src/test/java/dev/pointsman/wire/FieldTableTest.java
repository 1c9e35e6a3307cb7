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
        byte[] least = LEAST.get(row.format()).replace('\'', '"').getBytes();
        ObjectNode with = (ObjectNode) MAPPER.readTree(least);
        with.setAll((ObjectNode) MAPPER.readTree(row.sample()));
        Translation translation = Translation.of(row.format(), MAPPER.writeValueAsBytes(with));
        Translation plain = Translation.of(row.format(), least);
        Fate fate = Objects.requireNonNull(row.fates().get(to));
        List<String> told = new ArrayList<>();
        for (Model model : models(to)) {
            Optional<String> obstacle = translation.obstacle(to, model);
            if (fate instanceof Fate.Rejected why) {
                assertThat(obstacle.orElse("")).contains(why.reason());
                continue;
            }
            assertThat(obstacle).isEmpty();
            WireRequest request = translation.request(to, model, false);
            boolean named = request.dropped().stream().anyMatch(some -> names(some, row.path()));
            if (fate instanceof Fate.Dropped) {
                assertThat(named).as("named in " + request.dropped()).isTrue();
            } else if (!named && !same(request, plain.request(to, model, false))) {
                told.add(model.id());
            }
        }
        if (fate instanceof Fate.Carried) {
            assertThat(told).as("models that are told it").isNotEmpty();
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
        return plain(said).contains(plain(last));
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}

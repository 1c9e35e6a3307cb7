package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.gateway.Ask.Call;
import dev.pointsman.gateway.Ask.Heard;
import dev.pointsman.gateway.Ask.Stop;
import dev.pointsman.gateway.Ask.Tokens;
import dev.pointsman.gateway.Ask.With;
import dev.pointsman.gateway.Speaker.Received;
import dev.pointsman.policy.Policy;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.testing.Reaction;
import dev.pointsman.wire.Format;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One contract for every SDK before a provider of every other format: neither notices the other.
 * What holds for which pair makes the table in {@code docs/formats.md}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormatsTest {

    private static final Map<String, Object> WEATHER =
            Map.of("city", "Zürich", "days", List.of(1, 2), "metric", true);
    private static final String YES = "yes";
    private static final String NOTHING = "–";

    private final FakeProvider provider = FakeProvider.start();
    private final Gateway gateway = Gateway.start(policy(provider), GatewayOptions.local());
    private final List<Sdk> sdks = Sdk.all(gateway.port());
    private final Map<String, Map<String, String>> table = new LinkedHashMap<>();

    private static Policy policy(FakeProvider provider) {
        Policy.Builder policy = Policy.builtIn().toBuilder();
        Speaker.all().forEach(speaker -> policy.provider(speaker.provider(provider.url())));
        return policy.build();
    }

    @AfterAll
    void close() {
        sdks.forEach(Sdk::close);
        gateway.close();
        provider.close();
    }

    /** What the contract asks of a pair; the answer stands in the table. */
    private interface Feature {
        String holds(Pair pair);
    }

    private static Feature always(java.util.function.Consumer<Pair> check) {
        return pair -> {
            check.accept(pair);
            return YES;
        };
    }

    private static Map<String, Feature> features() {
        Map<String, Feature> features = new LinkedHashMap<>();
        features.put("answer", always(pair -> pair.text(false)));
        features.put("stream", always(pair -> pair.text(true)));
        features.put("tools, parallel calls, results", always(pair -> pair.tools(false)));
        features.put("tools in a stream", always(pair -> pair.tools(true)));
        features.put("image", always(Pair::image));
        features.put("PDF", always(Pair::pdf));
        features.put("structured output", always(Pair::structured));
        features.put("reasoning shown", always(Pair::reasoning));
        features.put("sealed reasoning goes back", Pair::sealed);
        features.put("usage with cache and reasoning", always(Pair::usage));
        features.put("limit of tokens told", always(pair -> pair.stops("length", Stop.LENGTH)));
        features.put("refusal told", always(pair -> pair.stops("refusal", Stop.REFUSED)));
        features.put("error statuses 400, 401, 429, overload", always(Pair::statuses));
        features.put("error within a stream told", always(Pair::errorWithin));
        features.put("cut stream told", always(Pair::cut));
        features.put("unknown events and blocks left out", always(Pair::unknown));
        features.put("hosted tool dropped and named", Pair::hosted);
        features.put("untranslatable request refused", always(Pair::untranslatable));
        return features;
    }

    @TestFactory
    Stream<DynamicNode> pairs() {
        List<DynamicNode> nodes = new ArrayList<>();
        for (Sdk sdk : sdks) {
            for (Speaker speaker : Speaker.all()) {
                if (sdk.format() != speaker.format()) {
                    nodes.add(tests(new Pair(sdk, speaker)));
                }
            }
        }
        nodes.add(
                dynamicTest(
                        "table_inTheGuide_isThatOfThisRun", () -> Guide.compare("pairs", rows())));
        return nodes.stream();
    }

    private DynamicNode tests(Pair pair) {
        return dynamicContainer(
                pair.toString(),
                features().entrySet().stream()
                        .map(feature ->
                                dynamicTest(
                                        feature.getKey(),
                                        () -> {
                                            String cell = feature.getValue().holds(pair);
                                            table.computeIfAbsent(
                                                            feature.getKey(),
                                                            key -> new LinkedHashMap<>())
                                                    .put(pair.toString(), cell);
                                        })));
    }

    /** A row a feature, a column a pair. */
    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        List<String> heads = new ArrayList<>(List.of("client → provider"));
        rows.add(heads);
        for (Sdk sdk : sdks) {
            for (Speaker speaker : Speaker.all()) {
                if (sdk.format() != speaker.format()) {
                    heads.add(new Pair(sdk, speaker).toString());
                }
            }
        }
        for (String feature : features().keySet()) {
            List<String> row = new ArrayList<>(List.of(feature));
            Map<String, String> cells = table.getOrDefault(feature, Map.of());
            heads.stream().skip(1).forEach(pair -> row.add(cells.getOrDefault(pair, "no")));
            rows.add(row);
        }
        return rows;
    }

    /** A client and the provider that answers it. */
    private final class Pair {

        private final Sdk sdk;
        private final Speaker speaker;

        Pair(Sdk sdk, Speaker speaker) {
            this.sdk = sdk;
            this.speaker = speaker;
        }

        @Override
        public String toString() {
            return shortName(sdk.format()) + " → " + shortName(speaker.format());
        }

        private Ask ask(boolean stream, With... with) {
            return Ask.of(speaker.model(), stream, with);
        }

        private void script(boolean stream, String... scenes) {
            provider.script(
                    speaker.id(),
                    Stream.of(scenes)
                            .map(scene -> speaker.reaction(scene, stream))
                            .toArray(Reaction[]::new));
        }

        private Received received() {
            List<ProviderRequest> all = provider.requests(speaker.id());
            return speaker.read(all.getLast());
        }

        void text(boolean stream) {
            script(stream, "text");

            Heard heard = sdk.ask(ask(stream));

            assertThat(heard.text()).isEqualTo(Canned.TEXT);
            assertThat(heard.stop()).isEqualTo(Stop.END);
            assertThat(heard.calls()).isEmpty();
            received();
        }

        void tools(boolean stream) {
            script(stream, "tools", "text");
            Ask ask = ask(stream, With.TOOLS);

            Heard first = sdk.ask(ask);

            assertThat(first.stop()).isEqualTo(Stop.TOOLS);
            assertThat(first.calls()).extracting(Call::name).containsExactly("weather", "now");
            assertThat(first.calls().get(0).arguments()).isEqualTo(Canned.tree(WEATHER));
            assertThat(first.calls().get(1).arguments()).isEqualTo(Canned.tree(Map.of()));
            assertThat(first.calls()).extracting(Call::id).doesNotHaveDuplicates();
            assertThat(received().tools()).containsExactly("weather", "now");

            assertThat(sdk.answer(ask, first).text()).isEqualTo(Canned.TEXT);

            Received second = received();
            assertThat(second.calls()).extracting(Call::name).containsExactly("weather", "now");
            assertThat(second.calls().get(0).arguments()).isEqualTo(Canned.tree(WEATHER));
            List<String> ids = second.calls().stream().map(Call::id).toList();
            assertThat(ids).isEqualTo(cannedIds());
            assertThat(second.results().keySet()).containsExactlyElementsOf(ids);
            assertThat(second.results().values()).containsOnly(Ask.RESULT);
        }

        /** The ids that the provider itself gave. */
        private List<String> cannedIds() {
            JsonNode canned = Canned.json(speaker.folder() + "/tools");
            return Stream.concat(
                            canned.findValuesAsText("call_id").stream(),
                            canned.findValuesAsText("id").stream())
                    .filter(id -> id.matches("(toolu_|call_|fc-).*"))
                    .toList();
        }

        void image() {
            script(false, "text");

            assertThat(sdk.ask(ask(false, With.IMAGE)).text()).isEqualTo(Canned.TEXT);

            assertThat(received().image()).hasValue(Ask.IMAGE);
        }

        void pdf() {
            script(false, "text");

            assertThat(sdk.ask(ask(false, With.PDF)).text()).isEqualTo(Canned.TEXT);

            assertThat(received().pdf()).hasValue(Ask.PDF);
        }

        void structured() {
            for (boolean stream : List.of(false, true)) {
                script(stream, "structured");

                JsonNode report = Canned.parsed(sdk.ask(ask(stream, With.SCHEMA)).text());

                assertThat(report.path("city").asText()).isEqualTo("Zürich");
                JsonNode schema = received().schema().orElseThrow();
                assertThat(type(schema, "city")).isEqualTo("string");
                assertThat(type(schema, "celsius")).isEqualTo("number");
                assertThat(type(schema, "sunny")).isEqualTo("boolean");
                assertThat(schema.path("required")).hasSize(3);
            }
        }

        private String type(JsonNode schema, String property) {
            return schema.path("properties")
                    .path(property)
                    .path("type")
                    .asText()
                    .toLowerCase(Locale.ROOT);
        }

        void reasoning() {
            for (boolean stream : List.of(false, true)) {
                script(stream, "thinking");

                Heard heard = sdk.ask(ask(stream, With.TOOLS, With.REASONING));

                assertThat(heard.reasoning().strip()).isEqualTo(speaker.thought().strip());
                assertThat(heard.calls()).extracting(Call::name).containsExactly("weather");
                assertThat(heard.stop()).isEqualTo(Stop.TOOLS);
                assertThat(received().reasons()).isTrue();
            }
        }

        String sealed() {
            boolean goesBack = sealsTravel();
            for (boolean stream : List.of(false, true)) {
                script(stream, "thinking", "text");
                Ask ask = ask(stream, With.TOOLS, With.REASONING);

                Heard first = sdk.ask(ask);
                assertThat(sdk.answer(ask, first).text()).isEqualTo(Canned.TEXT);

                assertThat(received().seals()).isEqualTo(goesBack ? speaker.seals() : List.of());
                for (Speaker other : Speaker.all()) {
                    if (other.format() != sdk.format() && other.format() != speaker.format()) {
                        nothingSealed(ask, first, other);
                    }
                }
            }
            return speaker.seals().isEmpty() ? NOTHING : goesBack ? YES : "left out";
        }

        /** The SDK for chat sends nothing back but texts and calls. */
        private boolean sealsTravel() {
            return sdk.format() != Format.OPENAI_CHAT || speaker.format() == Format.GEMINI;
        }

        /** Another provider cannot read them. */
        private void nothingSealed(Ask ask, Heard first, Speaker other) {
            provider.script(other.id(), other.reaction("text", ask.stream()));

            assertThat(sdk.answer(ask.at(other.model()), first).text()).isEqualTo(Canned.TEXT);

            ProviderRequest request = provider.requests(other.id()).getLast();
            Received received = other.read(request);
            assertThat(received.seals()).isEmpty();
            assertThat(received.calls()).extracting(Call::name).containsExactly("weather");
            assertThat(received.results().values()).containsExactly(Ask.RESULT);
            assertThat(received.results()).containsOnlyKeys(received.calls().get(0).id());
            assertThat(request.text()).doesNotContain("pointsman.", "__seal__");
        }

        void usage() {
            for (boolean stream : List.of(false, true)) {
                script(stream, "text");

                assertThat(sdk.ask(ask(stream)).tokens())
                        .isEqualTo(new Tokens(43, 11, 15, speaker.reasoningTokens()));
            }
        }

        void stops(String scene, Stop stop) {
            for (boolean stream : List.of(false, true)) {
                script(stream, scene);

                Heard heard = sdk.ask(ask(stream));

                assertThat(heard.stop()).isEqualTo(stop);
                assertThat(heard.text())
                        .isEqualTo(stop == Stop.LENGTH ? Canned.TEXT : "I cannot help with that.");
            }
        }

        void statuses() {
            int overloaded = sdk.format() == Format.ANTHROPIC_MESSAGES ? 529 : 503;
            Map<Integer, Integer> statuses =
                    Map.of(400, 400, 401, 401, 429, 429, speaker.overloaded(), overloaded);
            statuses.forEach((said, expected) -> {
                provider.script(speaker.id(), Reaction.fails(said));
                for (boolean stream : List.of(false, true)) {
                    Throwable failure = catchThrowable(() -> sdk.ask(ask(stream)));

                    assertThat(failure).isInstanceOf(sdk.exceptionOf(expected));
                    assertThat(sdk.statusOf(failure)).isEqualTo(expected);
                    assertThat(failure).hasMessageContaining("scripted " + said);
                }
            });
        }

        void errorWithin() {
            provider.script(
                    speaker.id(),
                    speaker.stream("text")
                            .only(speaker.some(), Reaction.Ending.CLEAN)
                            .then(speaker.errorEvent()));

            assertThat(catchThrowable(() -> sdk.ask(ask(true))))
                    .isInstanceOf(RuntimeException.class);
        }

        void cut() {
            for (Reaction.Ending ending :
                    List.of(Reaction.Ending.CLEAN, Reaction.Ending.CLOSE, Reaction.Ending.RESET)) {
                provider.script(speaker.id(), speaker.stream("text").only(speaker.some(), ending));

                assertThat(catchThrowable(() -> sdk.ask(ask(true))))
                        .as(ending.toString())
                        .isInstanceOf(RuntimeException.class);
            }
        }

        void unknown() {
            for (boolean stream : List.of(false, true)) {
                script(stream, "unknown");

                Heard heard = sdk.ask(ask(stream));

                assertThat(heard.text()).isEqualTo(Canned.TEXT);
                assertThat(heard.stop()).isEqualTo(Stop.END);
                assertThat(heard.calls()).isEmpty();
            }
        }

        String hosted() {
            script(false, "text");
            if (sdk.format() == Format.OPENAI_CHAT) {
                refused(ask(false, With.TOOLS, With.HOSTED_TOOL));
                return "refused";
            }

            Heard heard = sdk.ask(ask(false, With.TOOLS, With.HOSTED_TOOL));

            assertThat(heard.text()).isEqualTo(Canned.TEXT);
            assertThat(heard.dropped())
                    .anyMatch(name -> name.toLowerCase(Locale.ROOT).contains("search"));
            assertThat(received().tools()).containsExactly("weather", "now");
            return YES;
        }

        void untranslatable() {
            refused(ask(false, With.STATE));
            refused(ask(true, With.STATE));
        }

        private void refused(Ask ask) {
            int before = provider.requests().size();

            Throwable failure = catchThrowable(() -> sdk.ask(ask));

            assertThat(failure).isInstanceOf(sdk.exceptionOf(400));
            assertThat(sdk.statusOf(failure)).isEqualTo(400);
            assertThat(failure)
                    .hasMessageContaining("cannot be said in " + speaker.format().label());
            assertThat(provider.requests()).hasSize(before);
        }
    }

    private static String shortName(Format format) {
        return switch (format) {
            case ANTHROPIC_MESSAGES -> "Anthropic";
            case OPENAI_CHAT -> "chat";
            case OPENAI_RESPONSES -> "Responses";
            case GEMINI -> "Gemini";
        };
    }
}

package dev.pointsman.classify.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Categories that are known by a few examples. */
class OwnCategoriesTest {

    static OwnCategories shop() {
        Map<String, List<String>> examples = new LinkedHashMap<>();
        examples.put(
                "refunds",
                List.of(
                        "I want my money back",
                        "Please refund my last order",
                        "The item was broken, how do I get a refund?"));
        examples.put(
                "deliveries",
                List.of(
                        "Where is my parcel?",
                        "My package has not arrived yet",
                        "When will my order be delivered?"));
        return new OwnCategories(LocalModel.builtIn(), examples);
    }

    @ParameterizedTest
    @CsvSource({
        "give me my money back, refunds",
        "'refund the order, please', refunds",
        "it arrived broken and I want a refund, refunds",
        "my parcel is not here yet, deliveries",
        "when will the package arrive, deliveries"
    })
    void text_nearTheExamples_isTheirs(String text, String category) {
        OwnCategories.Match match = shop().match(text);

        assertThat(match.verdict().category()).isEqualTo(category);
        assertThat(match.inScope()).isGreaterThan(0.5);
        assertThat(match.verdict().confidence()).isBetween(0.0, match.inScope());
        assertThat(match.verdict().runnerUp()).isNotEqualTo(category);
        assertThat(match.verdict().runnerUpConfidence()).isLessThan(match.verdict().confidence());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Write a poem about the first snow in the mountains.",
                "Prove that the square root of 3 is irrational.",
                "What is the capital of Australia?",
                "Implement a red-black tree in Rust with unit tests.",
                "Describe this image in detail.",
                "??",
                "\uD83D\uDE00"
            })
    void text_farFromAllExamples_isOutOfScope(String text) {
        OwnCategories.Match match = shop().match(text);

        assertThat(match.inScope()).isLessThan(0.5);
        assertThat(match.verdict().confidence()).isLessThan(0.5);
    }

    @Test
    void example_thatIsNearest_isReported() {
        assertThat(shop().match("Where is my parcel?").example()).isEqualTo("Where is my parcel?");
        assertThat(shop().match("where's my parcel").example()).isEqualTo("Where is my parcel?");
        assertThat(shop().match("I'd like my money back now").example())
                .isEqualTo("I want my money back");
    }

    @Test
    void examples_themselves_areTheirCategorys() {
        OwnCategories shop = shop();

        assertThat(shop.names()).containsExactly("refunds", "deliveries");
        for (String text : List.of("I want my money back", "Please refund my last order")) {
            assertThat(shop.match(text).verdict().category()).isEqualTo("refunds");
            assertThat(shop.match(text).inScope()).isGreaterThan(0.9);
            assertThat(shop.match(text).example()).isEqualTo(text);
        }
    }

    @Test
    void categories_inHundreds_areToldApart() {
        String[] kinds = {
            "lost", "late", "broken", "stolen", "cheap", "heavy", "frozen", "empty", "noisy", "wet",
            "old", "green", "sharp", "sweet", "urgent", "secret", "foreign", "double", "digital",
            "missing", "wooden", "round", "silent", "golden", "bitter"
        };
        String[] things = {
            "bicycle", "passport", "kettle", "invoice", "guitar", "window", "battery", "carpet",
            "printer", "umbrella", "engine", "curtain", "wallet", "ladder", "pillow", "hammer",
            "mirror", "candle", "basket", "saddle"
        };
        Map<String, List<String>> examples = new LinkedHashMap<>();
        for (String kind : kinds) {
            for (String thing : things) {
                examples.put(
                        kind + "." + thing,
                        List.of(
                                "My question is about a " + kind + " " + thing,
                                "What to do with the " + kind + " " + thing + "?"));
            }
        }
        OwnCategories own = new OwnCategories(LocalModel.builtIn(), examples);
        int right = 0;
        for (String kind : kinds) {
            for (String thing : things) {
                String said =
                        own.match("I have a " + kind + " " + thing + ", please help")
                                .verdict()
                                .category();
                right += said.equals(kind + "." + thing) ? 1 : 0;
            }
        }

        assertThat(own.names()).hasSize(500);
        assertThat(right).isGreaterThan(450);
        assertThat(own.match("Translate the novel to French, please.").inScope())
                .isLessThan(own.match("a golden saddle").inScope());
    }

    @Test
    void category_alone_isInScopeOrNot() {
        OwnCategories one =
                new OwnCategories(
                        LocalModel.builtIn(), Map.of("refunds", List.of("I want my money back")));
        OwnCategories.Match near = one.match("please give me my money back");
        OwnCategories.Match far = one.match("What is the capital of Australia?");

        assertThat(near.verdict().category()).isEqualTo("refunds");
        assertThat(near.verdict().runnerUp()).isEqualTo("refunds");
        assertThat(near.inScope()).isGreaterThan(0.5);
        assertThat(near.verdict().confidence()).isGreaterThan(0.5);
        assertThat(far.verdict().category()).isEqualTo("refunds");
        assertThat(far.inScope()).isLessThan(0.5);
    }

    @Test
    void category_withoutExamples_isRefusedByName() {
        Map<String, List<String>> examples = new LinkedHashMap<>();
        examples.put("refunds", List.of("I want my money back"));
        examples.put("deliveries", List.of());

        assertThatThrownBy(() -> new OwnCategories(LocalModel.builtIn(), examples))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("deliveries")
                .hasMessageContaining("no example");
    }

    @Test
    void examples_thatSayAlmostNothing_doNoHarm() {
        Map<String, List<String>> examples = new LinkedHashMap<>();
        examples.put("signs", List.of("?", "!", "\uD83D"));
        examples.put("same", List.of("where is my parcel", "where is my parcel"));
        examples.put("long", List.of("parcel ".repeat(200_000)));
        OwnCategories own = new OwnCategories(LocalModel.builtIn(), examples);

        assertThat(own.match("where is my parcel").verdict().category()).isEqualTo("same");
        for (String text : List.of("", " ", "?", "\uD83D", "x".repeat(1 << 20))) {
            OwnCategories.Match match = own.match(text);
            assertThat(match.inScope()).isBetween(0.0, 1.0);
            assertThat(match.verdict().confidence()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void match_ofTheSameText_isTheSame() {
        OwnCategories shop = shop();
        long seed = System.nanoTime();
        for (String text : Texts.random(200, seed)) {
            OwnCategories.Match first = shop.match(text);
            shop.match("something between");

            assertThat(shop.match(text)).as("seed %d", seed).isEqualTo(first);
        }
    }
}

package dev.pointsman.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.pointsman.catalog.CatalogRow;
import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;

import java.io.IOException;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Makes the built-in catalogue from a models.dev snapshot.
 *
 * <p>A price that has parts which tokens in and out do not describe (a fee a request or citation,
 * reasoning at another rate than output) is left out, so that the model's price is unknown instead
 * of wrong.
 */
public final class CatalogueMaker {

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    private CatalogueMaker() {}

    /** Arguments: the snapshot (JSON), the resource to write. */
    public static void main(String[] args) throws IOException {
        JsonNode snapshot = new ObjectMapper().readTree(Path.of(args[0]).toFile());
        Matcher date = DATE.matcher(snapshot.path("source").asText());
        if (!date.find()) {
            throw new IOException(args[0] + ": its \"source\" names no date");
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                "# The model catalogue of Pointsman, made by CatalogueMaker (see CONTRIBUTING.md)"
                        + " from models.dev (MIT licence).");
        lines.add("# version: models.dev-" + date.group());
        lines.add(
                "# provider\tid\tfamily\tcontext\tinput limit\toutput limit\tabilities"
                        + "\tUSD per million tokens input:output:cache read:cache write\ttiers");
        for (JsonNode model : snapshot.path("models")) {
            lines.add(CatalogRow.format(model(model)));
        }
        Files.writeString(Path.of(args[1]), String.join("\n", lines) + "\n");
        System.out.println(lines.size() - 3 + " models written to " + args[1]);
    }

    private static Model model(JsonNode json) {
        JsonNode limit = json.path("limit");
        return new Model(
                json.path("provider").asText(),
                json.path("id").asText(),
                json.path("family").asText(),
                limit.path("context").asLong(),
                limit.path("input").asLong(),
                limit.path("output").asLong(),
                abilities(json),
                true,
                price(json.path("cost")));
    }

    private static Set<Ability> abilities(JsonNode json) {
        Set<Ability> abilities = EnumSet.noneOf(Ability.class);
        Set<String> inputs = texts(json.path("modalities").path("input"));
        addIf(abilities, inputs.contains("image"), Ability.IMAGE_INPUT);
        addIf(abilities, inputs.contains("pdf"), Ability.PDF_INPUT);
        addIf(
                abilities,
                texts(json.path("modalities").path("output")).contains("text"),
                Ability.TEXT_OUTPUT);
        addIf(abilities, json.path("tool_call").asBoolean(), Ability.TOOLS);
        addIf(abilities, json.path("reasoning").asBoolean(), Ability.REASONING);
        addIf(abilities, json.path("structured_output").asBoolean(true), Ability.STRUCTURED_OUTPUT);
        addIf(abilities, json.path("temperature").asBoolean(true), Ability.TEMPERATURE);
        return abilities;
    }

    private static void addIf(Set<Ability> abilities, boolean has, Ability ability) {
        if (has) {
            abilities.add(ability);
        }
    }

    private static Set<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
    }

    private static Optional<Price> price(JsonNode cost) {
        boolean reasoningApart =
                cost.has("reasoning")
                        && cost.path("reasoning")
                                        .decimalValue()
                                        .compareTo(cost.path("output").decimalValue())
                                != 0;
        if (!cost.has("input")
                || !cost.has("output")
                || cost.has("request")
                || cost.has("citation")
                || reasoningApart) {
            return Optional.empty();
        }
        List<Price.Tier> tiers = new ArrayList<>();
        for (JsonNode tier : cost.path("tiers")) {
            tiers.add(new Price.Tier(tier.path("tier").path("size").asLong(), rates(tier)));
        }
        return Optional.of(new Price(rates(cost), tiers, "snapshot"));
    }

    private static Rates rates(JsonNode cost) {
        return new Rates(
                rate(cost.path("input")),
                rate(cost.path("output")),
                optional(cost, "cache_read", "cached_input"),
                optional(cost, "cache_write", "cached_write"));
    }

    private static OptionalLong optional(JsonNode cost, String name, String otherName) {
        JsonNode rate = cost.has(name) ? cost.path(name) : cost.path(otherName);
        return rate.isNumber() ? OptionalLong.of(rate(rate)) : OptionalLong.empty();
    }

    /**
     * The snapshot holds binary fractions such as 0.19999999999999998 for 0.2: nine decimals undo
     * that.
     */
    private static long rate(JsonNode usdPerMillion) {
        return Rates.rate(
                usdPerMillion.decimalValue().setScale(9, RoundingMode.HALF_EVEN).toPlainString());
    }
}

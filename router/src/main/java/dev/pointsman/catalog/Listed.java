package dev.pointsman.catalog;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Money;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the values of a list of models; what is wrong is told with its place in the JSON. */
final class Listed {

    /** Dearer than any model, even a million times over; costs of it still fit. */
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000);

    private static final int DECIMALS = 9;

    private Listed() {}

    /**
     * A price as nano-dollars per million tokens; empty if there is none. Lists hold binary
     * fractions such as 0.19999999999999998 for 0.2: nine decimals undo that.
     *
     * @param tokens for how many tokens the list's prices are
     */
    static OptionalLong rate(JsonNode object, String at, String name, long tokens) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalLong.empty();
        }
        if (!value.isNumber()) {
            throw new Misfit(at + "/" + name, "a price must be a number");
        }
        BigDecimal usd =
                value.decimalValue()
                        .multiply(BigDecimal.valueOf(1_000_000 / tokens))
                        .setScale(DECIMALS, RoundingMode.HALF_EVEN);
        if (usd.signum() < 0 || usd.compareTo(MOST) > 0) {
            throw new Misfit(
                    at + "/" + name,
                    "a price must be from 0 to 1,000,000 USD per million tokens, not "
                            + usd.stripTrailingZeros().toPlainString());
        }
        return OptionalLong.of(Money.ofUsd(usd).nanos());
    }

    /** A number of tokens; 0 if there is none. */
    static long tokens(JsonNode object, String at, String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return 0;
        }
        boolean whole = value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
        if (!whole || value.decimalValue().signum() < 0 || !value.canConvertToLong()) {
            throw new Misfit(
                    at + "/" + name, "a limit must be a whole number of tokens, 0 or more");
        }
        return value.longValue();
    }

    static JsonNode object(JsonNode value, String at) {
        if (!value.isObject()) {
            throw new Misfit(at, "this must be an object");
        }
        return value;
    }

    static Set<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    static void addIf(Set<Ability> abilities, boolean has, Ability ability) {
        if (has) {
            abilities.add(ability);
        }
    }

    /** Something that is not as it must be. */
    static final class Misfit extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String pointer;

        /**
         * @param pointer where, as a JSON pointer
         */
        Misfit(String pointer, String message) {
            super(message);
            this.pointer = pointer;
        }

        String pointer() {
            return pointer;
        }
    }
}

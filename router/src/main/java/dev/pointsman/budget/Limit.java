package dev.pointsman.budget;

import dev.pointsman.core.Money;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * How much may be spent in each period.
 *
 * @param amount known and not negative
 */
public record Limit(Money amount, Period period) {

    private static final String CURRENCY = "usd";

    public Limit {
        if (!amount.isKnown() || amount.nanos() < 0) {
            throw new IllegalArgumentException("A limit is an amount of 0 or more");
        }
    }

    /**
     * Reads {@code 50usd/month}, or {@code 50usd} for all time.
     *
     * @throws IllegalArgumentException if that is no limit; says what is wrong
     */
    public static Limit of(String text) {
        int slash = text.indexOf('/');
        String amount = (slash < 0 ? text : text.substring(0, slash)).strip();
        Period period = slash < 0 ? Period.EVER : period(text.substring(slash + 1).strip(), text);
        return new Limit(amount(amount, text), period);
    }

    /**
     * Reads an amount such as {@code 0.05usd}.
     *
     * @throws IllegalArgumentException if that is none; says what is wrong
     */
    public static Money amount(String text) {
        return amount(text.strip(), text);
    }

    private static Period period(String label, String text) {
        return Period.of(label)
                .orElseThrow(() ->
                        wrong(
                                text,
                                "the period is one of "
                                        + Arrays.stream(Period.values())
                                                .map(Period::label)
                                                .collect(Collectors.joining(", "))));
    }

    private static Money amount(String amount, String text) {
        if (!amount.endsWith(CURRENCY)) {
            throw wrong(text, "the amount is in usd");
        }
        String number = amount.substring(0, amount.length() - CURRENCY.length()).strip();
        if (!number.matches("\\d{1,9}(\\.\\d{1,9})?")) {
            throw wrong(text, "the amount is a number such as 50 or 0.25");
        }
        return Money.ofUsd(new BigDecimal(number));
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException(
                "\"" + text + "\" is no amount such as 50usd/month: " + why);
    }

    /** As {@link #amount(String)} reads it. */
    public static String text(Money amount) {
        return amount.usd().toPlainString() + CURRENCY;
    }

    /** As {@link #of} reads it. */
    @Override
    public String toString() {
        return period == Period.EVER ? text(amount) : text(amount) + "/" + period.label();
    }
}

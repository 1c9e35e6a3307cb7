package dev.pointsman.cli;

import dev.pointsman.core.Entry;
import dev.pointsman.core.Money;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/** Figures for people. */
final class Figures {

    private static final MathContext FIGURES = new MathContext(3, RoundingMode.HALF_EVEN);

    private Figures() {}

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", share * 100);
    }

    /** To four decimals, or three figures below a cent. */
    static String money(Money money) {
        if (!money.isKnown() || money.nanos() == 0) {
            return money.toString();
        }
        BigDecimal usd = money.usd();
        BigDecimal cent = new BigDecimal("0.01");
        BigDecimal shown =
                usd.abs().compareTo(cent) < 0
                        ? usd.round(FIGURES)
                        : usd.setScale(4, RoundingMode.HALF_EVEN);
        return (shown.signum() < 0 ? "-$" : "$") + shown.abs().toPlainString();
    }

    /** {@code $1.2345 + 3 unknown}. */
    static String sum(Money known, long unknown) {
        return unknown == 0 ? money(known) : money(known) + " + " + count(unknown) + " unknown";
    }

    static String millis(Duration duration) {
        return count(duration.toMillis()) + " ms";
    }

    /** What was saved against the baseline, in a phrase; empty without a baseline. */
    static String saved(Entry entry) {
        if (entry.baseline().isEmpty()) {
            return "";
        }
        Entry.Baseline baseline = entry.baseline().get();
        Money saved = entry.saved();
        if (!saved.isKnown()) {
            return "saving unknown against " + baseline.model();
        }
        String share =
                baseline.cost().nanos() == 0
                        ? ""
                        : " (" + percent((double) saved.nanos() / baseline.cost().nanos()) + ")";
        return (saved.nanos() < 0
                        ? money(Money.ZERO.minus(saved)) + " more"
                        : money(saved) + " less")
                + share
                + " than "
                + baseline.model();
    }
}

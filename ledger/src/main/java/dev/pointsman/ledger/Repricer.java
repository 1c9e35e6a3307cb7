package dev.pointsman.ledger;

import dev.pointsman.core.Cost;
import dev.pointsman.core.Money;
import dev.pointsman.core.Price;
import dev.pointsman.core.Usage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Computes what stored requests cost at other prices, and adds up what changes. What cost nothing
 * and has no price version stays: nobody was paid for it. So does what a model cost for which there
 * is no price. Not thread-safe.
 */
final class Repricer {

    private static final Column VERSION = Column.ofKind("price_version");
    private static final Column BASELINE_MODEL = Column.ofKind("baseline_model");
    private static final Column COST = Column.ofEntry("cost_nanos");
    private static final Column CLASSIFICATION = Column.ofEntry("classification_nanos");
    private static final Column BASELINE = Column.ofEntry("baseline_nanos");

    private static final int COST_OF_CALL = EntryShape.CALL.index("cost_nanos");
    private static final int VERSION_OF_CALL = EntryShape.CALL.index("price_version");

    /** Stands for the baseline where attempts have their numbers. */
    private static final long OF_BASELINE = 0;

    private final Function<String, Optional<Price>> prices;
    private final Predicate<String> counts;
    private final Map<String, Optional<Price>> known = new HashMap<>();
    private final Map<String, PriceChange> attempts = new TreeMap<>();
    private final Map<String, PriceChange> baselines = new TreeMap<>();

    /**
     * @param prices of a model; empty where there is none
     * @param counts of which models costs are computed
     */
    Repricer(Function<String, Optional<Price>> prices, Predicate<String> counts) {
        this.prices = prices;
        this.counts = counts;
    }

    /**
     * What something cost before it was repriced.
     *
     * @param number of the attempt, or that of the baseline
     */
    record Former(long number, Money cost, @Nullable String version) {}

    /** A request whose cost is another now. */
    record Change(Rows before, Rows after, List<Former> former) {}

    /** What was asked of a model and what that costs. */
    private record Charge(String model, Usage usage, Money cost, @Nullable String version) {

        /** Whether somebody may be paid for it. */
        boolean isOwed() {
            return version != null || !cost.equals(Money.ZERO);
        }

        Charge at(Price price) {
            Cost now = exact(price);
            return now.total().equals(cost)
                    ? this
                    : new Charge(
                            model,
                            usage,
                            now.total(),
                            now.priceVersion().isEmpty() ? null : now.priceVersion());
        }

        /** Unknown where it is beyond what money can be: a provider may claim any number. */
        private Cost exact(Price price) {
            try {
                return Cost.of(price, usage);
            } catch (ArithmeticException e) {
                return Cost.UNKNOWN;
            }
        }
    }

    /** Empty if it costs what it did. */
    Optional<Change> reprice(Rows rows) {
        Rows after = rows.copy();
        List<Former> former = new ArrayList<>();
        repriceAttempts(after, former);
        repriceBaseline(after, former);
        return former.isEmpty() ? Optional.empty() : Optional.of(new Change(rows, after, former));
    }

    private void repriceAttempts(Rows rows, List<Former> former) {
        Money sum = Money.ZERO;
        Money classification = Money.ZERO;
        for (@Nullable Object[] call : StoredCall.rows(rows)) {
            StoredCall stored = StoredCall.of(call);
            Charge was =
                    new Charge(stored.model(), stored.usage(), stored.cost(), stored.version());
            Charge now = now(was, attempts);
            if (now != was) {
                former.add(new Former(stored.number(), was.cost(), was.version()));
                call[COST_OF_CALL] = EntryShape.nanos(now.cost());
                call[VERSION_OF_CALL] = now.version();
                if (stored.answered()) {
                    VERSION.put(now.version(), rows);
                }
            }
            sum = plus(sum, now.cost());
            classification =
                    stored.classifies() ? plus(classification, now.cost()) : classification;
        }
        if (!former.isEmpty()) {
            COST.put(EntryShape.nanos(sum), rows);
            CLASSIFICATION.put(EntryShape.nanos(classification), rows);
        }
    }

    private static Money plus(Money sum, Money more) {
        try {
            return sum.plus(more);
        } catch (ArithmeticException e) {
            return Money.UNKNOWN;
        }
    }

    private void repriceBaseline(Rows rows, List<Former> former) {
        String model = BASELINE_MODEL.text(rows);
        if (model != null) {
            Charge was =
                    new Charge(model, StoredRequest.of(rows).usage(), BASELINE.money(rows), "");
            Charge now = now(was, baselines);
            if (now != was) {
                former.add(new Former(OF_BASELINE, was.cost(), null));
                BASELINE.put(EntryShape.nanos(now.cost()), rows);
            }
        }
    }

    /** The same if it costs what it did. */
    private Charge now(Charge was, Map<String, PriceChange> counted) {
        if (!counts.test(was.model())) {
            return was;
        }
        Optional<Price> price = known.computeIfAbsent(was.model(), prices);
        Charge now = was.isOwed() ? price.map(was::at).orElse(was) : was;
        counted.merge(
                was.model(),
                PriceChange.of(was.model(), was.cost(), now.cost(), price.isPresent()),
                PriceChange::plus);
        return now;
    }

    List<PriceChange> attempts() {
        return List.copyOf(attempts.values());
    }

    List<PriceChange> baselines() {
        return List.copyOf(baselines.values());
    }
}

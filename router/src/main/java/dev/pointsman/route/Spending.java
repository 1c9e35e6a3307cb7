package dev.pointsman.route;

import dev.pointsman.budget.Budget;
import dev.pointsman.budget.BudgetSettings;
import dev.pointsman.budget.Budgets;
import dev.pointsman.budget.Budgets.Admission;
import dev.pointsman.budget.Limit;
import dev.pointsman.budget.Reservation;
import dev.pointsman.core.Candidate;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Exhausted;
import dev.pointsman.core.Model;
import dev.pointsman.core.Money;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.Rejection.Reason;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.Policy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** What one request may spend. Confined like its journey. */
final class Spending {

    /** After its deadline a request is settled at once; so much later it is surely over. */
    private static final Duration AFTER_DEADLINE = Duration.ofMinutes(5);

    private final String request;
    private final Instant at;
    private final Duration keep;
    private final Budgets books;
    private final List<Budget> budgets;
    private final Optional<Money> unknownPrice;

    private Spending(
            String request,
            Instant at,
            Policy policy,
            Budgets books,
            List<Budget> budgets,
            BudgetSettings settings) {
        this.request = request;
        this.at = at;
        this.keep = policy.attempts().total().plus(AFTER_DEADLINE);
        this.books = books;
        this.budgets = budgets;
        this.unknownPrice = settings.unknownPrice();
    }

    /**
     * @param own the limit of the key that the task is asked with
     * @return empty if the task falls under no budget
     */
    static Optional<Spending> of(
            Parts parts, Task task, String request, Instant at, Optional<Limit> own) {
        BudgetSettings settings = parts.policy().budgets();
        List<Budget> budgets = parts.budgets().isPresent() ? settings.of(task, own) : List.of();
        return budgets.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Spending(
                                request,
                                at,
                                parts.policy(),
                                parts.budgets().get(),
                                budgets,
                                settings));
    }

    /** Whether a request to that model can be held to the budgets. */
    boolean isBounded(Model model) {
        return model.price().isPresent()
                || unknownPrice.isPresent()
                || budgets.stream().noneMatch(Budget::hard);
    }

    /** Without the models that could cost anything under a hard budget. */
    Decision bounded(Decision decision) {
        return decision.without(
                decision.candidates().stream()
                        .map(Candidate::model)
                        .filter(model -> !isBounded(model))
                        .map(model ->
                                new Rejection(
                                        model.ref(),
                                        Reason.PRICE_UNKNOWN,
                                        "its price is unknown, and there is a hard budget: say its"
                                            + " price under prices, or what it costs at most under"
                                            + " budgets.unknown-price"))
                        .toList());
    }

    /**
     * What a request costs at most, all of its input written to the prompt cache if that is dearer.
     */
    Money most(Model model, long input, long output) {
        return Stream.of(
                        Usage.of(input, output),
                        new Usage(0, output, 0, input, 0, false),
                        new Usage(0, output, 0, input, 0, false)
                                .withDetail(
                                        new Usage.Detail(
                                                input, 0, 0, 0, 0, 0, Usage.NONE.detail().tier())))
                .map(usage -> Cost.estimate(model, usage).total())
                .filter(Money::isKnown)
                .reduce(Spending::larger)
                .or(() -> unknownPrice)
                .orElse(Money.ZERO);
    }

    static Money larger(Money one, Money other) {
        return one.nanos() < other.nanos() ? other : one;
    }

    CompletionStage<Admission> reserve(Money most) {
        return books.reserve(new Reservation(request, at, budgets, most, keep));
    }

    void settle(Money cost) {
        books.settle(request, cost);
    }

    void release() {
        books.release(request);
    }

    /** The decision of a request that may not be made. */
    static Decision refused(Decision decision, Exhausted spent) {
        return decision.without(
                        decision.candidates().stream()
                                .map(candidate ->
                                        new Rejection(
                                                candidate.model().ref(),
                                                Reason.BUDGET_SPENT,
                                                spent.words()))
                                .toList())
                .exhausted(List.of(spent));
    }
}

package dev.pointsman.route;

import dev.pointsman.budget.Budget;
import dev.pointsman.budget.Budgets;
import dev.pointsman.budget.Budgets.Admission;
import dev.pointsman.budget.Reservation;
import dev.pointsman.classify.Cascade;
import dev.pointsman.core.Candidate;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Exhausted;
import dev.pointsman.core.Model;
import dev.pointsman.core.Money;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.Rejection.Reason;
import dev.pointsman.core.Task;
import dev.pointsman.core.Tokens;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.Policy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
    private final Journey.Errand errand;
    private final Consumer<Throwable> failed;

    private Spending(
            String request,
            Instant at,
            Policy policy,
            Budgets books,
            List<Budget> budgets,
            Journey.Errand errand,
            Consumer<Throwable> failed) {
        this.request = request;
        this.errand = errand;
        this.failed = failed;
        this.at = at;
        this.keep = policy.attempts().total().plus(AFTER_DEADLINE);
        this.books = books;
        this.budgets = budgets;
        this.unknownPrice = policy.budgets().unknownPrice();
    }

    /**
     * @param failed takes what is no fault of the task's
     * @return empty if the task falls under no budget
     */
    static Optional<Spending> of(
            Parts parts,
            Task task,
            String request,
            Instant at,
            Journey.Errand errand,
            Consumer<Throwable> failed) {
        if (parts.budgets().isEmpty()) {
            return Optional.empty();
        }
        Policy policy = parts.policy();
        List<Budget> budgets = policy.budgets().of(task, errand.limit());
        return budgets.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Spending(
                                request,
                                at,
                                policy,
                                parts.budgets().get(),
                                budgets,
                                errand,
                                failed));
    }

    /**
     * Asks for what it takes to ask for a category.
     *
     * @param otherwise takes why it is not asked for
     */
    void admit(Cascade.Step.Ask ask, Runnable then, Consumer<String> otherwise) {
        Model model = ask.deployment().model();
        if (!isBounded(model)) {
            otherwise.accept(model.ref() + " has no known price");
            return;
        }
        reserve(
                most(model, Tokens.estimate(ask.question()), ask.question().maxTokens()),
                admission -> {
                    switch (admission) {
                        case Admission.Admitted admitted -> then.run();
                        case Admission.Refused refused -> otherwise.accept(refused.spent().words());
                    }
                });
    }

    /**
     * Asks for what the decision may come to cost.
     *
     * @param then takes the decision with the budgets that are spent; without candidates if it may
     *     not be carried out
     */
    void admit(Decision decision, long input, Consumer<Decision> then) {
        Decision bounded = bounded(decision);
        Optional<Money> most =
                bounded.candidates().stream()
                        .map(Candidate::model)
                        .map(model -> most(model, input, errand.mostOutput(model)))
                        .reduce(Spending::larger);
        if (most.isEmpty()) {
            then.accept(bounded);
            return;
        }
        reserve(
                most.get(),
                admission ->
                        then.accept(
                                switch (admission) {
                                    case Admission.Admitted admitted ->
                                            bounded.exhausted(admitted.spent());
                                    case Admission.Refused refused ->
                                            refused(bounded, refused.spent());
                                }));
    }

    private void reserve(Money most, Consumer<Admission> then) {
        books.reserve(new Reservation(request, at, budgets, most, keep))
                .whenComplete((admission, failure) ->
                        errand.goOn(() -> {
                            if (failure != null) {
                                failed.accept(failure);
                                return;
                            }
                            try {
                                then.accept(admission);
                            } catch (RuntimeException e) {
                                failed.accept(e);
                            }
                        }));
    }

    /** Whether a request to that model can be held to the budgets. */
    private boolean isBounded(Model model) {
        return model.price().isPresent()
                || unknownPrice.isPresent()
                || budgets.stream().noneMatch(Budget::hard);
    }

    /** Without the models that could cost anything under a hard budget. */
    private Decision bounded(Decision decision) {
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
     * What a request costs at most: all of its input written to the prompt cache if that is dearer,
     * at the service that was asked for or the usual one.
     */
    private Money most(Model model, long input, long output) {
        return Stream.of(
                        Usage.of(input, output),
                        new Usage(0, output, 0, input, 0, false),
                        new Usage(0, output, 0, input, 0, false)
                                .withDetail(
                                        new Usage.Detail(
                                                input, 0, 0, 0, 0, 0, Usage.NONE.detail().tier())))
                .flatMap(usage -> Stream.of(usage, usage.at(errand.tier())))
                .map(usage -> Cost.estimate(model, usage).total())
                .filter(Money::isKnown)
                .reduce(Spending::larger)
                .or(() -> unknownPrice)
                .orElse(Money.ZERO);
    }

    private static Money larger(Money one, Money other) {
        return one.nanos() < other.nanos() ? other : one;
    }

    void settle(Money cost) {
        books.settle(request, cost);
    }

    void release() {
        books.release(request);
    }

    /** The decision of a request that may not be made. */
    private static Decision refused(Decision decision, Exhausted spent) {
        return decision.without(
                        decision.candidates().stream()
                                .map(candidate ->
                                        new Rejection(
                                                candidate.model().ref(),
                                                Reason.BUDGET_SPENT,
                                                spent.words()))
                                .toList())
                .ranked(List.of())
                .exhausted(List.of(spent));
    }
}

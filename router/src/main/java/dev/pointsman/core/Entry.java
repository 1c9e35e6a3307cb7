package dev.pointsman.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One request as the ledger takes it: the decision, every attempt, and the settlement.
 *
 * @param at when the request began
 * @param task what was asked; what is kept of it is the ledger's choice
 * @param decision where it went and why
 * @param attempts every call made for it, classification included, in order
 * @param answer what was answered; empty if every attempt failed
 * @param latency from the beginning to the end
 * @param baseline what the same answer would have cost without routing; empty if the policy names
 *     no baseline
 * @param practice whether nobody was called: the built-in practice provider answered, or only
 *     providers that play faults were asked, so that nothing was really paid
 */
public record Entry(
        Instant at,
        Task task,
        Decision decision,
        List<Attempt> attempts,
        Optional<Answer> answer,
        Duration latency,
        Optional<Baseline> baseline,
        boolean practice) {

    public Entry {
        attempts = List.copyOf(attempts);
    }

    /**
     * What one would have paid with a single model.
     *
     * @param model its name
     * @param cost what the answer's tokens cost there; unknown where its price is
     */
    public record Baseline(String model, Money cost) {}

    /** Why there is no answer, in words. */
    public String noAnswer() {
        Optional<Exhausted> spent =
                decision.exhausted().stream().filter(Exhausted::hard).findFirst();
        if (spent.isPresent()) {
            return "No model is asked: " + spent.get().words();
        }
        if (decision.candidates().isEmpty()) {
            boolean named = decision.classification().source() == Classification.Source.NAMED;
            return (named
                            ? "The model cannot be asked this: "
                            : "No model of the category "
                                    + decision.category()
                                    + " can do this task: ")
                    + decision.rejections().stream()
                            .map(one -> one.model() + ": " + one.message())
                            .collect(Collectors.joining("; "));
        }
        return "No answer: "
                + attempts.stream()
                        .flatMap(attempt ->
                                attempt.failure().stream()
                                        .map(failure ->
                                                attempt.model().ref() + ": " + failure.message()))
                        .collect(Collectors.joining("; "));
    }

    /** The call that gave the answer; empty if none did. */
    public Optional<Attempt> answering() {
        if (answer.isPresent()) {
            for (int i = attempts.size() - 1; i >= 0; i--) {
                Attempt attempt = attempts.get(i);
                if (attempt.purpose() == Attempt.Purpose.ANSWER && attempt.succeeded()) {
                    return Optional.of(attempt);
                }
            }
        }
        return Optional.empty();
    }

    /** What all attempts cost together; unknown if one of them is. */
    public Money totalCost() {
        Money total = Money.ZERO;
        for (Attempt attempt : attempts) {
            total = total.plus(attempt.cost().total());
        }
        return total;
    }

    /**
     * The baseline's cost less what was paid; unknown without a baseline or with an unknown cost.
     */
    public Money saved() {
        return baseline.map(base -> base.cost().minus(totalCost())).orElse(Money.UNKNOWN);
    }
}

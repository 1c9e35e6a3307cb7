package dev.pointsman;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Attempt;
import dev.pointsman.core.Attempt.Purpose;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Money;
import dev.pointsman.core.Usage;

import java.time.Duration;
import java.util.List;

/** An answered task. Immutable. */
public final class Reply {

    private final Entry entry;
    private final Answer answer;
    private final Attempt answering;

    Reply(Entry entry) {
        this.entry = entry;
        this.answer = entry.answer().orElseThrow();
        this.answering = entry.attempts().getLast();
    }

    /** The category the task was placed in. */
    public String category() {
        return entry.decision().category();
    }

    /** The model that answered, {@code provider/id}; not the first choice if that one failed. */
    public String model() {
        return answering.model().ref();
    }

    /** The answer's text. */
    public String content() {
        return answer.text();
    }

    /** Why the answer ended. */
    public Answer.Stop stop() {
        return answer.stop();
    }

    /**
     * The answer's tokens; those of classification and of failed attempts stand in {@link
     * #attempts()}.
     */
    public Usage usage() {
        return answer.usage();
    }

    /** What the answer cost, by itself. */
    public Cost cost() {
        return answering.cost();
    }

    /** What finding the category cost. */
    public Money classificationCost() {
        return entry.attempts().stream()
                .filter(attempt -> attempt.purpose() == Purpose.CLASSIFY)
                .map(attempt -> attempt.cost().total())
                .reduce(Money.ZERO, Money::plus);
    }

    /** What everything cost: the answer, failed attempts and classification. */
    public Money totalCost() {
        return entry.totalCost();
    }

    /**
     * The baseline's cost less {@link #totalCost()}; unknown without a baseline or with an unknown
     * cost.
     */
    public Money saved() {
        return entry.saved();
    }

    /** Where the task went and why. */
    public Decision decision() {
        return entry.decision();
    }

    /** Every call made, in order; the last one answered. */
    public List<Attempt> attempts() {
        return entry.attempts();
    }

    /** From the call to the answer's end. */
    public Duration latency() {
        return entry.latency();
    }

    /** Whether no model was called and nothing paid: practice, or a provider that plays faults. */
    public boolean practice() {
        return entry.practice();
    }

    /** Everything that was recorded of it. */
    public Entry entry() {
        return entry;
    }

    @Override
    public String toString() {
        return "Reply[" + category() + " -> " + model() + ", " + totalCost() + "]";
    }
}

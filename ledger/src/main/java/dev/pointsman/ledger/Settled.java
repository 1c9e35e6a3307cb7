package dev.pointsman.ledger;

import dev.pointsman.core.Attempt;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Exhausted;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Money;
import dev.pointsman.core.SessionStep;
import dev.pointsman.core.Usage;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/**
 * What an entry comes to: who answered, at what cost, or why nobody did.
 *
 * @param answering the call that gave the answer; empty if none did
 */
record Settled(
        Entry entry, byte[] taskHash, byte @Nullable [] sessionHash, Optional<Attempt> answering) {

    static Settled of(Entry entry, byte[] taskHash, byte @Nullable [] sessionHash) {
        return new Settled(entry, taskHash, sessionHash, entry.answering());
    }

    boolean answered() {
        return entry.answer().isPresent();
    }

    Usage usage() {
        return entry.answer().map(answer -> answer.usage()).orElse(Usage.NONE);
    }

    /** The one attempt, where it gave the answer and nothing is known of it beyond the entry. */
    Optional<Attempt> only() {
        return entry.attempts().size() == 1
                ? answering.filter(attempt -> attempt.usage().equals(usage()))
                : Optional.empty();
    }

    /** Whether another model answered than the one tried first. */
    boolean fellBack() {
        if (answering.isEmpty()) {
            return false;
        }
        for (Attempt attempt : entry.attempts()) {
            if (answers(attempt)) {
                return !attempt.model().ref().equals(answering.get().model().ref());
            }
        }
        return false;
    }

    /**
     * The kind of the last failure, {@code budget} if none was left, {@code no_candidate} if no
     * model could do the task; empty if there is an answer.
     */
    Optional<String> failureKind() {
        if (answered()) {
            return Optional.empty();
        }
        if (entry.decision().exhausted().stream().anyMatch(Exhausted::hard)) {
            return Optional.of("budget");
        }
        if (entry.decision().candidates().isEmpty()) {
            return Optional.of("no_candidate");
        }
        return entry.attempts().reversed().stream()
                .flatMap(attempt -> attempt.failure().stream())
                .findFirst()
                .map(Failure::kind);
    }

    /** How much of the request the model that answered was not told; empty if it was told all. */
    Optional<Long> leftOut() {
        return answering.map(attempt -> (long) attempt.leftOut().size()).filter(count -> count > 0);
    }

    /** The choice that a conversation overruled. */
    Optional<SessionStep.Stayed> veto() {
        return entry.decision().session().flatMap(SessionStep::veto);
    }

    /** What a change of the model costs, made or not; unknown where there is none to make. */
    Money switchExtra() {
        return entry.decision().session().map(SessionStep::cost).orElse(Money.UNKNOWN);
    }

    Money classificationCost() {
        Money cost = Money.ZERO;
        for (Attempt attempt : entry.attempts()) {
            cost = answers(attempt) ? cost : cost.plus(attempt.cost().total());
        }
        return cost;
    }

    /**
     * From the request's beginning to its first content, failed attempts and classification
     * included; empty if the answer came in one piece. The attempts' wall clock may have been set
     * in between, so it is held to what the durations allow.
     */
    Optional<Duration> firstContent() {
        return answering.flatMap(
                attempt -> attempt.firstContent().map(first -> sinceBeginning(attempt, first)));
    }

    private Duration sinceBeginning(Attempt attempt, Duration first) {
        Duration told = Duration.between(entry.at(), attempt.startedAt()).plus(first);
        Duration atMost = told.compareTo(entry.latency()) > 0 ? entry.latency() : told;
        return atMost.compareTo(first) < 0 ? first : atMost;
    }

    private static boolean answers(Attempt attempt) {
        return attempt.purpose() == Attempt.Purpose.ANSWER;
    }
}

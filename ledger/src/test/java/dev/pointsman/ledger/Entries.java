package dev.pointsman.ledger;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Attempt;
import dev.pointsman.core.Candidate;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Model;
import dev.pointsman.core.Money;
import dev.pointsman.core.Price;
import dev.pointsman.core.Rates;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Entries for tests. */
final class Entries {

    static final String PROMPT = "the-secret-prompt-of-the-test";
    static final String ANSWER = "the-secret-answer-of-the-test";
    static final String EVIDENCE = "the-secret-evidence-of-the-test";
    static final Instant AT = Instant.parse("2026-11-23T12:00:00Z");

    /** 3 and 15 USD per million tokens, cache read 0.3, cache write 3.75. */
    static final Model PRICED =
            Model.unknown("anthropic", "sonnet")
                    .withPrice(
                            Price.flat(
                                    Rates.usdPerMillion("3", "15")
                                            .withCache(
                                                    java.util.OptionalLong.of(Rates.rate("0.3")),
                                                    java.util.OptionalLong.of(Rates.rate("3.75"))),
                                    "2026-11"));

    /** 0.05 and 0.4 USD per million tokens. */
    static final Model CHEAP =
            Model.unknown("openai", "nano")
                    .withPrice(Price.flat(Rates.usdPerMillion("0.05", "0.4"), "2026-11"));

    static final Model UNPRICED = Model.unknown("local", "llama");

    private Entries() {}

    static Entry simple(String id) {
        return answered(id, AT, Task.of(PROMPT), CHEAP, Usage.of(1_000, 100));
    }

    static Entry answered(String id, Instant at) {
        return answered(id, at, Task.of(PROMPT), CHEAP, Usage.of(1_000, 100));
    }

    static Entry answered(String id, Instant at, Task task, Model model, Usage usage) {
        return entry(id, at, task, List.of(success(model, at, usage)), model);
    }

    static Entry entry(String id, Instant at, Task task, List<Attempt> attempts, Model chosen) {
        Optional<Answer> answer =
                attempts.stream()
                        .filter(a -> a.purpose() == Attempt.Purpose.ANSWER && a.succeeded())
                        .map(a -> new Answer(ANSWER, a.usage(), Answer.Stop.END))
                        .findFirst();
        return new Entry(
                at,
                task,
                decision(
                        id,
                        "triage",
                        List.of(new Candidate(chosen, Money.ZERO, List.of(EVIDENCE)))),
                attempts,
                answer,
                Duration.ofMillis(900),
                answer.map(a -> new Entry.Baseline("anthropic/opus", Money.ofNanos(9_000_000))),
                false);
    }

    static Decision decision(String id, String category, List<Candidate> candidates) {
        Classification classification =
                new Classification(
                        category, 0.75, Classification.Source.RULE, List.of(EVIDENCE), false);
        return new Decision(
                id,
                classification,
                candidates,
                List.of(),
                1_010,
                200,
                "policy-1",
                Optional.empty());
    }

    static Attempt success(Model model, Instant at, Usage usage) {
        return new Attempt(
                Attempt.Purpose.ANSWER,
                model,
                at,
                Optional.of(Duration.ofMillis(300)),
                Duration.ofMillis(800),
                usage,
                Cost.estimate(model, usage),
                Optional.empty());
    }

    static Attempt failure(Model model, Instant at, Failure failure) {
        return new Attempt(
                Attempt.Purpose.ANSWER,
                model,
                at,
                Optional.empty(),
                Duration.ofMillis(50),
                Usage.NONE,
                Cost.NONE,
                Optional.of(failure));
    }

    static Attempt triage(Model model, Instant at, Usage usage) {
        return new Attempt(
                Attempt.Purpose.CLASSIFY,
                model,
                at,
                Optional.empty(),
                Duration.ofMillis(100),
                usage,
                Cost.estimate(model, usage),
                Optional.empty());
    }

    static Rows rows(Entry entry) {
        return new EntryShape(new Fingerprint(new byte[32]), true).rows(entry);
    }
}

package dev.pointsman;

import dev.pointsman.call.CallRequest;
import dev.pointsman.call.CallResult;
import dev.pointsman.call.Engine;
import dev.pointsman.classify.Cascade;
import dev.pointsman.core.Answer;
import dev.pointsman.core.Attempt;
import dev.pointsman.core.Attempt.Purpose;
import dev.pointsman.core.Candidate;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.RouteException;
import dev.pointsman.core.Task;
import dev.pointsman.core.Tokens;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.ClassifySettings;
import dev.pointsman.policy.Deployment;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One task on its way: classified, decided, called, settled. Confined to its lane once a call is
 * made.
 */
final class Journey {
    private final RouterParts parts;
    private final Task task;
    private final Optional<Consumer<String>> onText;
    private final CompletableFuture<Reply> reply;
    private final Instant at;
    private final long startNanos = System.nanoTime();
    private final long input;
    private final List<Attempt> attempts = new ArrayList<>();

    Journey(
            RouterParts parts,
            Task task,
            Optional<Consumer<String>> onText,
            CompletableFuture<Reply> reply) {
        this.parts = parts;
        this.at = parts.clock().instant();
        this.task = task;
        this.onText = onText.map(this::guarded);
        this.reply = reply;
        this.input = Tokens.estimate(task);
    }

    void begin() {
        switch (parts.cascade().begin(task, input)) {
            case Cascade.Step.Decided decided -> decide(decided.classification());
            case Cascade.Step.Ask ask -> ask(ask);
        }
    }

    private void ask(Cascade.Step.Ask ask) {
        Duration timeout =
                parts.policy()
                        .classify()
                        .triage()
                        .map(ClassifySettings.Triage::timeout)
                        .orElseThrow();
        AttemptLimits usual = parts.policy().attempts();
        AttemptLimits limits =
                new AttemptLimits(1, usual.connect(), usual.firstContent(), usual.idle(), timeout);
        CallRequest request =
                new CallRequest(
                        Purpose.CLASSIFY,
                        ask.question(),
                        List.of(ask.deployment()),
                        limits,
                        Optional.empty(),
                        Tokens.estimate(ask.question()),
                        ask.question().maxTokens());
        call(request, result -> decide(classification(ask, result)));
    }

    private Classification classification(Cascade.Step.Ask ask, CallResult result) {
        if (result.answer().isPresent()) {
            return parts.cascade().read(ask, result.answer().get().text());
        }
        String why =
                result.attempts().stream()
                        .flatMap(attempt -> attempt.failure().stream())
                        .map(Failure::message)
                        .findFirst()
                        .orElse("no answer");
        return parts.cascade()
                .otherwise(
                        ask,
                        ask.deployment().model().ref() + " was asked and failed (" + why + ")");
    }

    private void decide(Classification classification) {
        Decision decision = parts.decider().decide(parts.ids().next(), task, classification, input);
        if (decision.candidates().isEmpty() || reply.isDone()) {
            settle(decision, Optional.empty());
            return;
        }
        List<Deployment> ranking = decision.candidates().stream().map(this::deployment).toList();
        CallRequest request =
                new CallRequest(
                        Purpose.ANSWER,
                        task,
                        ranking,
                        parts.policy().attempts(),
                        onText,
                        input,
                        decision.expectedOutput());
        call(request, result -> settle(decision, result.answer()));
    }

    private Deployment deployment(Candidate candidate) {
        return parts.policy().deployment(candidate.model().ref());
    }

    /**
     * Calls and goes on, unless the caller has cancelled; whatever goes wrong on the way reaches
     * the caller.
     */
    private void call(CallRequest request, Consumer<CallResult> then) {
        Engine.Call call = parts.connection().engine(parts.clock()).call(request);
        reply.whenComplete((done, failure) -> call.cancel().run());
        call.result()
                .whenComplete((result, failure) -> {
                    if (failure != null) {
                        reply.completeExceptionally(failure);
                        return;
                    }
                    try {
                        result.attempts()
                                .forEach(attempt ->
                                        attempts.add(
                                                parts.practice() ? estimated(attempt) : attempt));
                        then.accept(result);
                    } catch (RuntimeException e) {
                        reply.completeExceptionally(e);
                    }
                });
    }

    private void settle(Decision decision, Optional<Answer> answer) {
        Optional<Answer> counted = answer.map(given -> parts.practice() ? estimated(given) : given);
        Entry entry =
                new Entry(
                        at,
                        task,
                        decision,
                        attempts,
                        counted,
                        Duration.ofNanos(System.nanoTime() - startNanos),
                        counted.flatMap(given -> baseline(given.usage())),
                        parts.practice());
        parts.recorder().record(entry);
        if (counted.isPresent()) {
            reply.complete(new Reply(entry));
        } else {
            reply.completeExceptionally(new RouteException(noAnswer(decision), decision, attempts));
        }
    }

    private Optional<Entry.Baseline> baseline(Usage usage) {
        return parts.policy()
                .baselineModel()
                .map(model -> new Entry.Baseline(model.ref(), Cost.estimate(model, usage).total()));
    }

    private String noAnswer(Decision decision) {
        List<String> causes = new ArrayList<>();
        decision.rejections().forEach(one -> causes.add(one.model() + ": " + one.message()));
        if (decision.candidates().isEmpty()) {
            return "No model of the category "
                    + decision.category()
                    + " can do this task: "
                    + String.join("; ", causes);
        }
        causes.clear();
        for (Attempt attempt : attempts) {
            attempt.failure()
                    .ifPresent(failure ->
                            causes.add(attempt.model().ref() + ": " + failure.message()));
        }
        return "No answer: " + String.join("; ", causes);
    }

    private Consumer<String> guarded(Consumer<String> sink) {
        return piece -> {
            try {
                sink.accept(piece);
            } catch (RuntimeException e) {
                reply.completeExceptionally(e);
            }
        };
    }

    private static Attempt estimated(Attempt attempt) {
        return new Attempt(
                attempt.purpose(),
                attempt.model(),
                attempt.startedAt(),
                attempt.firstContent(),
                attempt.latency(),
                attempt.usage().asEstimate(),
                attempt.cost(),
                attempt.failure());
    }

    private static Answer estimated(Answer answer) {
        return new Answer(answer.text(), answer.usage().asEstimate(), answer.stop());
    }
}

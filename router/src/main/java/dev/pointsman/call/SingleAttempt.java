package dev.pointsman.call;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Attempt;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Model;
import dev.pointsman.core.Task;
import dev.pointsman.core.Tokens;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.Deployment;
import dev.pointsman.transport.Exchange;
import dev.pointsman.transport.Transport.Cancellable;
import dev.pointsman.transport.Transport.Lane;
import dev.pointsman.transport.Transport.Receiver;
import dev.pointsman.wire.WireRequest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** One call to one model, under its clocks. Everything runs on one lane; ends exactly once. */
final class SingleAttempt implements Receiver {

    /**
     * How long a provider may take to end its bytes after the stream's own end mark, before the
     * connection is given up.
     */
    private static final Duration AFTER_END = Duration.ofSeconds(1);

    private final CallRequest request;
    private final Deployment deployment;
    private final Lane lane;
    private final LongSupplier nanoClock;
    private final Consumer<AttemptOutcome> then;
    private final Instant startedAt;
    private final long startNanos;
    private final AnswerAssembler assembler;
    private Cancellable call = () -> {};
    private Cancellable contentTimer = () -> {};
    private Cancellable totalTimer = () -> {};
    private boolean over;

    SingleAttempt(
            CallRequest request,
            Deployment deployment,
            Lane lane,
            Clock wallClock,
            LongSupplier nanoClock,
            Consumer<AttemptOutcome> then) {
        this.request = request;
        this.deployment = deployment;
        this.lane = lane;
        this.nanoClock = nanoClock;
        this.then = then;
        this.startedAt = wallClock.instant();
        this.startNanos = nanoClock.getAsLong();
        this.assembler =
                new AnswerAssembler(
                        deployment.provider().format().codec(), request.onText(), this::sinceStart);
    }

    /**
     * Begins. The handle ends the attempt as cancelled.
     *
     * @param left what is left of the time for the whole request
     */
    Cancellable start(Duration left) {
        Duration firstContent = request.limits().firstContent();
        totalTimer = lane.after(left, () -> timeOut(Failure.Clock.TOTAL, request.limits().total()));
        contentTimer =
                lane.after(firstContent, () -> timeOut(Failure.Clock.FIRST_CONTENT, firstContent));
        call = lane.send(exchange(), this);
        return () -> fail(new Failure.Network(Failure.Phase.REQUEST, "cancelled by the caller"));
    }

    @Override
    public void head(int status, Function<String, Optional<String>> header) {
        if (!over) {
            assembler.head(status, header);
        }
    }

    @Override
    public void bytes(byte[] bytes) {
        if (over) {
            return;
        }
        if (assembler.bytes(bytes)) {
            Duration idle = request.limits().idle();
            contentTimer.cancel();
            contentTimer = lane.after(idle, () -> timeOut(Failure.Clock.IDLE, idle));
        }
        assembler.failure().ifPresent(this::fail);
        if (!over && assembler.ended()) {
            end();
            lane.after(AFTER_END, call::cancel);
        }
    }

    @Override
    public void end() {
        if (over) {
            return;
        }
        Optional<Answer> answer = assembler.end();
        if (answer.isPresent()) {
            finish(Optional.empty(), answer);
        } else {
            fail(assembler.failure().orElseThrow());
        }
    }

    @Override
    public void failed(Failure failure) {
        fail(failure);
    }

    private void timeOut(Failure.Clock clock, Duration limit) {
        fail(new Failure.Timeout(clock, limit));
    }

    private void fail(Failure failure) {
        if (!over) {
            call.cancel();
            finish(Optional.of(failure), Optional.empty());
        }
    }

    private void finish(Optional<Failure> failure, Optional<Answer> received) {
        over = true;
        contentTimer.cancel();
        totalTimer.cancel();
        Usage usage = received.map(Answer::usage).orElseGet(assembler::usageSoFar);
        Usage counted = usage.equals(Usage.NONE.asEstimate()) ? estimate(received) : usage;
        Attempt attempt =
                new Attempt(
                        request.purpose(),
                        deployment.model(),
                        startedAt,
                        assembler.firstContent(),
                        sinceStart(),
                        counted,
                        Cost.estimate(deployment.model(), counted),
                        failure);
        Optional<Answer> answer =
                received.map(whole -> new Answer(whole.text(), counted, whole.stop()));
        then.accept(new AttemptOutcome(attempt, answer, assembler.committed()));
    }

    /** Where the provider told no tokens: the task's estimate, and the text's. */
    private Usage estimate(Optional<Answer> received) {
        long output =
                received.map(answer -> Tokens.estimate(answer.text()))
                        .orElseGet(assembler::estimatedOutput);
        return Usage.of(request.estimatedInput(), output).asEstimate();
    }

    private Duration sinceStart() {
        return Duration.ofNanos(nanoClock.getAsLong() - startNanos);
    }

    private Exchange exchange() {
        Model model = deployment.model();
        Task task = request.task();
        boolean capped = model.outputTokens() > 0 && task.maxTokens() > model.outputTokens();
        Task fitting = capped ? task.maxTokens((int) model.outputTokens()) : task;
        boolean stream = request.onText().isPresent();
        WireRequest wire = deployment.provider().format().codec().request(fitting, model, stream);
        return new Exchange(
                deployment.provider(),
                model,
                wire,
                stream,
                request.limits().connect(),
                request.estimatedInput(),
                request.expectedOutput());
    }
}

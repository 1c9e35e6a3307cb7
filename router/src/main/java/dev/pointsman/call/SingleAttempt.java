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
import dev.pointsman.transport.Transport.Sent;
import dev.pointsman.wire.Format;
import dev.pointsman.wire.Headers;
import dev.pointsman.wire.Operation;
import dev.pointsman.wire.WireRequest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** One call to one model, under its clocks. Everything runs on one lane; ends exactly once. */
final class SingleAttempt implements Receiver, Relay.Flow {

    private static final long MILLISECOND = 1_000_000;

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
    private final Intake intake;
    private Sent call = Sent.NONE;
    private Cancellable timer = () -> {};
    private Cancellable restTimer = () -> {};
    private Failure.Clock contentClock = Failure.Clock.FIRST_CONTENT;
    private long contentBy;
    private long totalBy;
    private boolean paused;
    private boolean ending;
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
        this.intake =
                switch (request.asking()) {
                    case Asking.OfTask task ->
                            new AnswerAssembler(
                                    deployment.provider().format().codec(),
                                    task.onText(),
                                    this::sinceStart);
                    case Asking.OfBytes bytes ->
                            new RelayIntake(
                                    bytes,
                                    bytes.spoken(deployment),
                                    bytes.translator(deployment),
                                    this,
                                    this::sinceStart);
                };
    }

    /**
     * Begins. The handle ends the attempt as cancelled.
     *
     * @param left what is left of the time for the whole request
     */
    Cancellable start(Duration left) {
        totalBy = startNanos + left.toNanos();
        contentBy = startNanos + request.limits().firstContent().toNanos();
        setTimer();
        call = lane.send(exchange(), this);
        return () -> fail(new Failure.Network(Failure.Phase.REQUEST, "cancelled by the caller"));
    }

    /** Fails at once: too many calls to the provider are under way. */
    void noRoom() {
        fail(
                new Failure.RateLimited(
                        Optional.empty(),
                        request.providerLimit()
                                + " calls to "
                                + deployment.provider().name()
                                + " are under way, as many as the policy allows"));
    }

    @Override
    public void pause() {
        paused = true;
        call.pause();
    }

    @Override
    public void resume() {
        if (paused && !over) {
            paused = false;
            contentBy = nanoClock.getAsLong() + request.limits().idle().toNanos();
            call.resume();
        }
    }

    @Override
    public void head(int status, Headers headers) {
        if (!over) {
            intake.head(status, headers);
        }
    }

    @Override
    public void bytes(byte[] bytes) {
        if (over) {
            return;
        }
        if (intake.bytes(bytes)) {
            content();
        }
        intake.failure().ifPresent(this::fail);
        if (over || !intake.ended() || ending) {
            return;
        }
        ending = true;
        if (intake.wantsRest()) {
            restTimer = lane.after(AFTER_END, this::endAnyway);
        } else {
            end();
            lane.after(AFTER_END, call::cancel);
        }
    }

    /** Content came: a clock for the next piece takes the place of the one for the first. */
    private void content() {
        contentBy = nanoClock.getAsLong() + request.limits().idle().toNanos();
        contentClock = Failure.Clock.IDLE;
    }

    private void endAnyway() {
        if (!over) {
            end();
            call.cancel();
        }
    }

    @Override
    public void end() {
        if (over) {
            return;
        }
        Optional<Answer> answer = intake.end();
        if (answer.isPresent()) {
            finish(Optional.empty(), answer);
        } else {
            fail(intake.failure().orElseThrow());
        }
    }

    @Override
    public void failed(Failure failure) {
        fail(failure);
    }

    /**
     * One timer for all clocks, set again when it rings early: content moves its time, but never to
     * less than the time for the next piece.
     */
    private void setTimer() {
        long now = nanoClock.getAsLong();
        long content = paused ? Long.MAX_VALUE : contentBy - now;
        if (contentClock == Failure.Clock.FIRST_CONTENT) {
            content = Math.min(content, request.limits().idle().toNanos());
        }
        long left = Math.min(content, totalBy - now);
        timer = lane.after(Duration.ofNanos(Math.max(0, left) + MILLISECOND), this::ring);
    }

    private void ring() {
        if (over) {
            return;
        }
        long now = nanoClock.getAsLong();
        if (now - totalBy >= 0) {
            fail(new Failure.Timeout(Failure.Clock.TOTAL, request.limits().total()));
        } else if (!paused && now - contentBy >= 0) {
            Duration limit =
                    contentClock == Failure.Clock.IDLE
                            ? request.limits().idle()
                            : request.limits().firstContent();
            fail(new Failure.Timeout(contentClock, limit));
        } else {
            setTimer();
        }
    }

    private void fail(Failure failure) {
        if (!over) {
            call.cancel();
            finish(Optional.of(failure), Optional.empty());
        }
    }

    private void finish(Optional<Failure> failure, Optional<Answer> received) {
        over = true;
        timer.cancel();
        restTimer.cancel();
        Usage usage = received.map(Answer::usage).orElseGet(intake::usageSoFar);
        Usage counted = usage.equals(Usage.NONE.asEstimate()) ? estimate(received) : usage;
        Attempt attempt =
                new Attempt(
                        request.purpose(),
                        deployment.model(),
                        startedAt,
                        intake.firstContent(),
                        sinceStart(),
                        counted,
                        Cost.estimate(deployment.model(), counted),
                        failure);
        Optional<Answer> answer =
                received.map(whole -> new Answer(whole.text(), counted, whole.stop()));
        failure.ifPresent(intake::broken);
        then.accept(new AttemptOutcome(attempt, answer, intake.committed()));
    }

    /** Where the provider told no tokens: the task's estimate, and the text's. */
    private Usage estimate(Optional<Answer> received) {
        long output =
                received.map(Answer::text)
                        .filter(text -> !text.isEmpty())
                        .map(Tokens::estimate)
                        .orElseGet(intake::estimatedOutput);
        return Usage.of(request.estimatedInput(), output).asEstimate();
    }

    private Duration sinceStart() {
        return Duration.ofNanos(nanoClock.getAsLong() - startNanos);
    }

    private Exchange exchange() {
        return switch (request.asking()) {
            case Asking.OfTask task -> exchange(task);
            case Asking.OfBytes bytes -> exchange(bytes);
        };
    }

    private Exchange exchange(Asking.OfBytes asking) {
        WireRequest wire = asking.request(deployment);
        if (!wire.dropped().isEmpty()) {
            asking.relay().leftOut(wire.dropped());
        }
        return exchange(asking.spoken(deployment), asking.operation(), wire, asking.stream());
    }

    private Exchange exchange(Asking.OfTask asking) {
        Model model = deployment.model();
        Task task = asking.task();
        boolean capped = model.outputTokens() > 0 && task.maxTokens() > model.outputTokens();
        Task fitting = capped ? task.maxTokens((int) model.outputTokens()) : task;
        boolean stream = asking.onText().isPresent();
        Format format = deployment.provider().format();
        WireRequest wire = format.codec().request(fitting, model, stream);
        return exchange(format, Operation.ANSWER, wire, stream);
    }

    private Exchange exchange(
            Format format, Operation operation, WireRequest wire, boolean stream) {
        return new Exchange(
                deployment.provider(),
                format,
                operation,
                deployment.model(),
                wire,
                stream,
                request.limits().connect(),
                request.estimatedInput(),
                request.expectedOutput());
    }
}

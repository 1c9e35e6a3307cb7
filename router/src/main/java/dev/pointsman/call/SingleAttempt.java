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
import dev.pointsman.wire.Unsealed;
import dev.pointsman.wire.WireRequest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
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
    private final Watch watch;
    private final Deployment deployment;
    private final Lane lane;
    private final LongSupplier nanoClock;
    private final Instant startedAt;
    private final long startNanos;
    private final Intake intake;
    private Sent call = Sent.NONE;
    private Cancellable timer = () -> {};
    private Cancellable restTimer = () -> {};
    private Failure.Clock contentClock = Failure.Clock.FIRST_CONTENT;
    private List<String> leftOut = List.of();
    private long contentBy;
    private long totalBy;
    private boolean paused;
    private boolean ending;
    private boolean sent;
    private boolean repeatable = true;
    private boolean over;

    /**
     * What is called, and who follows the call.
     *
     * @param number of the call, from 1
     * @param bare whether it is sent no sealed reasoning at all
     * @param told gets the headers of the provider's answer
     * @param commits runs before anything of the answer goes to the caller
     * @param ended runs at the end
     */
    record Watch(
            Deployment deployment,
            int number,
            boolean bare,
            Consumer<Headers> told,
            Consumer<SingleAttempt> commits,
            BiConsumer<SingleAttempt, AttemptOutcome> ended) {}

    SingleAttempt(
            CallRequest request, Watch watch, Lane lane, Clock wallClock, LongSupplier nanoClock) {
        this.request = request;
        this.watch = watch;
        this.deployment = watch.deployment();
        this.lane = lane;
        this.nanoClock = nanoClock;
        this.startedAt = wallClock.instant();
        this.startNanos = nanoClock.getAsLong();
        this.intake = intake();
    }

    private Intake intake() {
        return switch (request.asking()) {
            case Asking.OfTask task ->
                    new AnswerAssembler(
                            deployment.provider().format().codec(),
                            task.onText(),
                            this::sinceStart,
                            this::commit);
            case Asking.OfBytes bytes ->
                    new RelayIntake(
                            bytes,
                            bytes.spoken(deployment),
                            bytes.translator(deployment),
                            this,
                            this::sinceStart,
                            this::commit);
        };
    }

    /**
     * Begins. If it throws, nothing was sent, and nobody is told of an end.
     *
     * @param left what is left of the time for the whole request
     */
    void start(Duration left) {
        totalBy = startNanos + left.toNanos();
        contentBy = startNanos + request.limits().firstContent().toNanos();
        setTimer();
        try {
            send();
        } catch (RuntimeException e) {
            over = true;
            timer.cancel();
            throw e;
        }
    }

    private void send() {
        focus();
        Exchange exchange = exchange();
        if (over) {
            return;
        }
        sent = true;
        Sent begun = lane.send(exchange, this);
        if (over) {
            begun.cancel();
        } else {
            call = begun;
        }
    }

    /** Whether something of an answer has come, though perhaps nothing for the caller yet. */
    boolean hasContent() {
        return intake.firstContent().isPresent();
    }

    /** Nobody waits for it any more. */
    void cancel(String why) {
        if (!over) {
            call.cancel();
            finish(Optional.of(new Failure.Cancelled(why)), Optional.empty());
        }
    }

    /** The relay's next words are about this call. */
    private void focus() {
        if (request.asking() instanceof Asking.OfBytes bytes) {
            bytes.relay().trying(deployment, watch.number());
            if (!leftOut.isEmpty()) {
                bytes.relay().leftOut(leftOut);
            }
        }
    }

    private void commit() {
        watch.commits().accept(this);
        focus();
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
            watch.told().accept(headers);
            repeatable = !headers.first("x-should-retry").filter("false"::equals).isPresent();
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
        focus();
        Optional<Answer> answer = intake.end();
        if (answer.isPresent()) {
            finish(Optional.empty(), answer);
        } else {
            call.cancel();
            finish(intake.failure(), Optional.empty());
        }
    }

    /**
     * Whether the provider refuses the reasoning of others in the request, and could do without.
     */
    private boolean goesBare(Failure failure) {
        return !watch.bare()
                && request.asking() instanceof Asking.OfBytes bytes
                && Unsealed.isRefused(failure)
                && bytes.bare(deployment).isPresent();
    }

    @Override
    public void failed(Failure failure) {
        fail(failure);
    }

    /**
     * One timer for all clocks, set again when it rings early: content moves its time, and so does
     * going on after a pause, but never to less than the time for the next piece.
     */
    private void setTimer() {
        long now = nanoClock.getAsLong();
        long idle = request.limits().idle().toNanos();
        long content = paused ? idle : Math.min(idle, contentBy - now);
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
            focus();
            call.cancel();
            finish(Optional.of(failure), Optional.empty());
        }
    }

    private void finish(Optional<Failure> failure, Optional<Answer> received) {
        over = true;
        timer.cancel();
        restTimer.cancel();
        Usage usage = received.map(Answer::usage).orElseGet(intake::usageSoFar);
        boolean unknown = usage.equals(Usage.NONE) && failure.filter(this::mayBeBilled).isPresent();
        Usage counted =
                unknown || usage.equals(Usage.NONE.asEstimate()) ? estimate(received) : usage;
        Attempt attempt =
                new Attempt(
                        request.purpose(),
                        deployment.model(),
                        startedAt,
                        intake.firstContent(),
                        sinceStart(),
                        counted,
                        cost(counted, failure.isPresent()),
                        failure,
                        leftOut);
        Optional<Answer> answer =
                received.map(whole -> new Answer(whole.text(), counted, whole.stop()));
        failure.ifPresent(intake::broken);
        boolean bare = failure.filter(this::goesBare).isPresent();
        watch.ended().accept(this, new AttemptOutcome(attempt, answer, repeatable, bare));
    }

    /** A call that was refused took no tokens, which cost nothing at any price. */
    private Cost cost(Usage counted, boolean failed) {
        return failed && counted.equals(Usage.NONE)
                ? Cost.NONE
                : Cost.estimate(deployment.model(), counted);
    }

    /** A provider that was left at work goes on, and sends its bill. */
    private boolean mayBeBilled(Failure failure) {
        boolean atWork =
                failure instanceof Failure.Timeout out && out.clock() != Failure.Clock.CONNECT;
        return sent && (atWork || failure instanceof Failure.Cancelled);
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
        WireRequest wire =
                watch.bare() ? asking.bare(deployment).orElseThrow() : asking.request(deployment);
        leftOut = wire.dropped();
        if (!leftOut.isEmpty()) {
            asking.relay().leftOut(leftOut);
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

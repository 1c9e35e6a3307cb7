package dev.pointsman;

import dev.pointsman.call.CallRequest;
import dev.pointsman.call.CallResult;
import dev.pointsman.call.Engine;
import dev.pointsman.classify.CallerFinder;
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
import dev.pointsman.core.Recorder;
import dev.pointsman.core.RouteException;
import dev.pointsman.core.Task;
import dev.pointsman.core.Tokens;
import dev.pointsman.core.Usage;
import dev.pointsman.decide.Decider;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.ClassifySettings;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;
import dev.pointsman.transport.PracticeTransport;
import dev.pointsman.transport.Transport;
import dev.pointsman.transport.VertxTransport;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Sends each task to the model that should do it. Thread-safe; make one for the application and
 * close it at the end.
 *
 * <pre>{@code
 * try (Router router = Router.create()) {
 *     Reply reply = router.route("Summarize this error log in one sentence: ...");
 *     System.out.println(reply.category() + " " + reply.model() + " " + reply.content() + " " + reply.cost().total());
 * }
 * }</pre>
 *
 * <p>Deciding takes microseconds and no I/O, unless the policy says that a model may be asked for
 * the category. Connections are opened on the first call. The methods that block refuse to be
 * called from an event loop; the {@code Async} ones never block, and complete on a thread that must
 * not be blocked.
 */
public final class Router implements AutoCloseable {

    private final Policy policy;
    private final Recorder recorder;
    private final boolean practice;
    private final Clock clock;
    private final DecisionIds ids;
    private final Cascade cascade;
    private final Decider decider;
    private final Connection connection;

    private Router(Builder builder, boolean practice) {
        this.policy = builder.policy.get();
        this.recorder = builder.recorder;
        this.practice = practice;
        this.clock = builder.clock;
        this.ids = new DecisionIds(builder.clock, builder.random);
        this.cascade = new Cascade(policy);
        this.decider = new Decider(policy, !practice);
        this.connection = new Connection(practice ? PracticeTransport::new : VertxTransport::new);
    }

    /**
     * A router by the policy that is found where policies stand: {@code POINTSMAN_POLICY}, {@code
     * ./pointsman.yaml}, {@code ~/.config/pointsman/pointsman.yaml}, else the built-in one.
     *
     * @throws dev.pointsman.policy.PolicyException if that policy is wrong
     */
    public static Router create() {
        return builder().build();
    }

    /** A router by that policy, which records nothing. */
    public static Router of(Policy policy) {
        return builder().policy(policy).build();
    }

    /**
     * A router that calls nobody: decisions are real, answers are placeholders that say so, costs
     * are estimates. For trying Pointsman out without a key, and for tests.
     */
    public static Router practice() {
        return builder().buildPractice();
    }

    /** A router with more to say: policy, recorder, clock. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@link #route(Task)} of a prompt. */
    public Reply route(String prompt) {
        return route(Task.of(prompt));
    }

    /**
     * Classifies, decides, calls, and waits for the answer.
     *
     * @throws RouteException if no model can do the task, or every attempt failed; holds the
     *     decision and the attempts
     * @throws IllegalArgumentException if the task forces a category that the policy does not have,
     *     or its response schema is no JSON
     * @throws IllegalStateException if the current thread is an event loop's
     */
    public Reply route(Task task) {
        refuseEventLoop();
        return Blocking.join(routeAsync(task));
    }

    /** {@link #routeAsync(Task)} of a prompt. */
    public CompletableFuture<Reply> routeAsync(String prompt) {
        return routeAsync(Task.of(prompt));
    }

    /**
     * Classifies, decides and calls. The future fails with what {@link #route(Task)} throws;
     * cancelling it stops the model.
     */
    public CompletableFuture<Reply> routeAsync(Task task) {
        return begin(withCaller(task), Optional.empty());
    }

    /**
     * Like {@link #routeAsync(Task)}, and gives the answer's text away piece by piece as it comes.
     *
     * @param onText called for each piece, one after another, on a thread that must not be blocked;
     *     if it throws, the model is stopped and the future fails with what it threw
     */
    public CompletableFuture<Reply> streamAsync(Task task, Consumer<String> onText) {
        return begin(withCaller(task), Optional.of(onText));
    }

    /** {@link #stream(Task)} of a prompt. */
    public ReplyStream stream(String prompt) {
        return stream(Task.of(prompt));
    }

    /**
     * The answer as it comes, for a thread that may wait for it.
     *
     * @throws IllegalStateException if the current thread is an event loop's
     */
    public ReplyStream stream(Task task) {
        refuseEventLoop();
        return new ReplyStream(onText -> streamAsync(task, onText));
    }

    /** {@link #explain(Task)} of a prompt. */
    public Decision explain(String prompt) {
        return explain(Task.of(prompt));
    }

    /**
     * Decides and calls nothing: neither a model for the answer nor one for the category. Where the
     * policy would ask a model for the category, the decision is by the default category, and its
     * evidence says so.
     *
     * @throws IllegalArgumentException if the task forces a category that the policy does not have
     */
    public Decision explain(Task task) {
        Task called = cascade.needsCaller() ? withCaller(task) : task;
        long input = Tokens.estimate(called);
        Classification classification =
                switch (cascade.begin(called, input)) {
                    case Cascade.Step.Decided decided -> decided.classification();
                    case Cascade.Step.Ask ask ->
                            cascade.byDefault(
                                    "no rule holds; a call would ask "
                                            + ask.deployment().model().ref()
                                            + ", explain does not");
                };
        return decider.decide(ids.next(), called, classification, input);
    }

    /** The policy in force. */
    public Policy policy() {
        return policy;
    }

    /** Whether this router calls nobody. */
    public boolean isPractice() {
        return practice;
    }

    /** Stops every call under way and closes every connection. */
    @Override
    public void close() {
        connection.close();
    }

    private void refuseEventLoop() {
        if (connection.onEventLoop()) {
            throw new IllegalStateException(
                    "This thread is an event loop and must not be blocked: use routeAsync or"
                            + " streamAsync");
        }
    }

    private static Task withCaller(Task task) {
        return task.caller().isPresent()
                ? task
                : CallerFinder.find().map(task::caller).orElse(task);
    }

    private CompletableFuture<Reply> begin(Task task, Optional<Consumer<String>> onText) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        try {
            new Journey(task, onText, reply).begin();
        } catch (RuntimeException e) {
            reply.completeExceptionally(e);
        }
        return reply;
    }

    /** One task on its way. */
    private final class Journey {
        private final Task task;
        private final Optional<Consumer<String>> onText;
        private final CompletableFuture<Reply> reply;
        private final Instant at = clock.instant();
        private final long startNanos = System.nanoTime();
        private final long input;
        private final List<Attempt> attempts = new ArrayList<>();

        Journey(Task task, Optional<Consumer<String>> onText, CompletableFuture<Reply> reply) {
            this.task = task;
            this.onText = onText.map(this::guarded);
            this.reply = reply;
            this.input = Tokens.estimate(task);
        }

        void begin() {
            switch (cascade.begin(task, input)) {
                case Cascade.Step.Decided decided -> decide(decided.classification());
                case Cascade.Step.Ask ask -> ask(ask);
            }
        }

        private void ask(Cascade.Step.Ask ask) {
            Duration timeout =
                    policy.classify().triage().map(ClassifySettings.Triage::timeout).orElseThrow();
            AttemptLimits usual = policy.attempts();
            AttemptLimits limits =
                    new AttemptLimits(
                            1, usual.connect(), usual.firstContent(), usual.idle(), timeout);
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
                return cascade.read(result.answer().get().text());
            }
            String why =
                    result.attempts().stream()
                            .flatMap(attempt -> attempt.failure().stream())
                            .map(Failure::message)
                            .findFirst()
                            .orElse("no answer");
            return cascade.byDefault(
                    ask.deployment().model().ref() + " was asked and failed (" + why + ")");
        }

        private void decide(Classification classification) {
            Decision decision = decider.decide(ids.next(), task, classification, input);
            if (decision.candidates().isEmpty() || reply.isDone()) {
                settle(decision, Optional.empty());
                return;
            }
            List<Deployment> ranking =
                    decision.candidates().stream().map(this::deployment).toList();
            CallRequest request =
                    new CallRequest(
                            Purpose.ANSWER,
                            task,
                            ranking,
                            policy.attempts(),
                            onText,
                            input,
                            decision.expectedOutput());
            call(request, result -> settle(decision, result.answer()));
        }

        private Deployment deployment(Candidate candidate) {
            return policy.deployment(candidate.model().ref());
        }

        /**
         * Calls and goes on, unless the caller has cancelled; whatever goes wrong on the way
         * reaches the caller.
         */
        private void call(CallRequest request, Consumer<CallResult> then) {
            Engine.Call call = connection.engine(clock).call(request);
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
                                            attempts.add(practice ? estimated(attempt) : attempt));
                            then.accept(result);
                        } catch (RuntimeException e) {
                            reply.completeExceptionally(e);
                        }
                    });
        }

        private void settle(Decision decision, Optional<Answer> answer) {
            Optional<Answer> counted = answer.map(given -> practice ? estimated(given) : given);
            Entry entry =
                    new Entry(
                            at,
                            task,
                            decision,
                            attempts,
                            counted,
                            Duration.ofNanos(System.nanoTime() - startNanos),
                            counted.flatMap(given -> baseline(given.usage())),
                            practice);
            recorder.record(entry);
            if (counted.isPresent()) {
                reply.complete(new Reply(entry));
            } else {
                reply.completeExceptionally(
                        new RouteException(noAnswer(decision), decision, attempts));
            }
        }

        private Optional<Entry.Baseline> baseline(Usage usage) {
            return policy.baselineModel()
                    .map(model ->
                            new Entry.Baseline(model.ref(), Cost.estimate(model, usage).total()));
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

    /** The engine and what it calls over, made on the first call. */
    private static final class Connection implements AutoCloseable {
        private final Supplier<Transport> open;
        private volatile Optional<Transport> transport = Optional.empty();
        private volatile Optional<Engine> engine = Optional.empty();
        private boolean closed;

        Connection(Supplier<Transport> open) {
            this.open = open;
        }

        Engine engine(Clock clock) {
            Optional<Engine> made = engine;
            return made.isPresent() ? made.get() : make(clock);
        }

        boolean onEventLoop() {
            return transport.filter(Transport::onEventLoop).isPresent();
        }

        private synchronized Engine make(Clock clock) {
            if (closed) {
                throw new IllegalStateException("This router is closed");
            }
            if (engine.isEmpty()) {
                Transport opened = open.get();
                transport = Optional.of(opened);
                engine = Optional.of(new Engine(opened, clock, System::nanoTime));
            }
            return engine.get();
        }

        @Override
        public synchronized void close() {
            closed = true;
            engine = Optional.empty();
            transport.ifPresent(Transport::close);
            transport = Optional.empty();
        }
    }

    /** Says what a router is made of. Not thread-safe. */
    public static final class Builder {
        private Supplier<Policy> policy = () -> PolicyFile.find().load();
        private Recorder recorder = Recorder.NONE;
        private Clock clock = Clock.systemUTC();
        private LongSupplier random = () -> ThreadLocalRandom.current().nextLong();

        private Builder() {}

        /** The policy; found where policies stand if not said. */
        public Builder policy(Policy frozen) {
            policy = () -> frozen;
            return this;
        }

        /** Where settled requests are written down; nowhere if not said. */
        public Builder recorder(Recorder other) {
            recorder = other;
            return this;
        }

        /**
         * Wall-clock time and 64 random bits a call, both for replays that must give the same
         * bytes.
         */
        public Builder determinism(Clock wallClock, LongSupplier randomBits) {
            clock = wallClock;
            random = randomBits;
            return this;
        }

        /**
         * @throws dev.pointsman.policy.PolicyException if the policy found is wrong
         */
        public Router build() {
            return new Router(this, false);
        }

        /** A router that calls nobody; see {@link Router#practice()}. */
        public Router buildPractice() {
            return new Router(this, true);
        }
    }
}

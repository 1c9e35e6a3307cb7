package dev.pointsman;

import dev.pointsman.budget.Budgets;
import dev.pointsman.classify.CallerFinder;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Recorder;
import dev.pointsman.core.RouteException;
import dev.pointsman.core.Task;
import dev.pointsman.core.Tokens;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;
import dev.pointsman.route.Connection;
import dev.pointsman.route.DecisionIds;
import dev.pointsman.route.Journey;
import dev.pointsman.route.Parts;
import dev.pointsman.route.Sessions;
import dev.pointsman.transport.PracticeTransport;
import dev.pointsman.transport.VertxTransport;

import java.time.Clock;
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
 * the category; the first decision reads the built-in classifier, in about a tenth of a second.
 * Connections are opened on the first call. The methods that block refuse to be called from an
 * event loop; the {@code Async} ones never block, and complete on a thread that must not be
 * blocked.
 */
public final class Router implements AutoCloseable {

    private final Parts parts;

    private Router(Builder builder, boolean practice) {
        Policy policy = builder.policy.get();
        this.parts =
                Parts.of(
                        policy,
                        builder.recorder,
                        builder.budgets,
                        practice,
                        builder.clock,
                        new DecisionIds(builder.clock, builder.random),
                        new Connection(
                                practice ? PracticeTransport::new : VertxTransport::new,
                                builder.random),
                        new Sessions(System::nanoTime, builder.random.getAsLong()));
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

    /**
     * Says which category a task belongs to and how sure that is; decides on no model and calls
     * none, not even one for the category. Takes microseconds once the built-in model is read.
     *
     * @throws IllegalArgumentException if the task forces a category that the policy does not have
     */
    public Classification classify(Task task) {
        Task called = parts.cascade().needsCaller() ? withCaller(task) : task;
        return parts.cascade().classify(called, Tokens.estimate(called));
    }

    /** {@link #explain(Task)} of a prompt. */
    public Decision explain(String prompt) {
        return explain(Task.of(prompt));
    }

    /**
     * Decides and calls nothing: neither a model for the answer nor one for the category. Where the
     * policy would ask a model for the category, the decision is what would hold if it gave no
     * answer, and its evidence says so. The evidence quotes the task: it is for people, and not to
     * be logged.
     *
     * @throws IllegalArgumentException if the task forces a category that the policy does not have
     */
    public Decision explain(Task task) {
        Task called = parts.cascade().needsCaller() ? withCaller(task) : task;
        long input = Tokens.estimate(called);
        Classification classification = parts.cascade().explain(called, input);
        return parts.decider().decide(parts.ids().next(), called, classification, input);
    }

    /**
     * Reads the built-in classifier now, if the policy uses it, so that the first task need not
     * wait for it. Blocks for about a tenth of a second; not for an event loop.
     */
    public void warmUp() {
        parts.cascade().warmUp();
    }

    /** The policy in force. */
    public Policy policy() {
        return parts.policy();
    }

    /** Whether this router calls nobody. */
    public boolean isPractice() {
        return parts.practice();
    }

    /** Stops every call under way and closes every connection. */
    @Override
    public void close() {
        parts.connection().close();
    }

    private void refuseEventLoop() {
        if (parts.connection().onEventLoop()) {
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
            Journey journey =
                    new Journey(
                            parts,
                            task,
                            Tokens.estimate(task),
                            Integer.MAX_VALUE,
                            new Errand(task, onText, reply));
            reply.whenComplete((done, failure) -> journey.cancel());
            journey.begin();
        } catch (RuntimeException e) {
            reply.completeExceptionally(e);
        }
        return reply;
    }

    /** Says what a router is made of. Not thread-safe. */
    public static final class Builder {
        private Supplier<Policy> policy = () -> PolicyFile.find().load();
        private Recorder recorder = Recorder.NONE;
        private Budgets budgets = Budgets.NONE;
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
         * The books of the policy's budgets, which the ledger keeps that is the recorder; without
         * them, a task that falls under a budget fails. Practice needs none.
         */
        public Builder budgets(Budgets books) {
            budgets = books;
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

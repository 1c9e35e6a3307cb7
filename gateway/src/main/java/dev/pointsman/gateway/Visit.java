package dev.pointsman.gateway;

import dev.pointsman.budget.Limit;
import dev.pointsman.call.Asking;
import dev.pointsman.core.Attempt;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Model;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.Task;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.Policy;
import dev.pointsman.route.Journey;
import dev.pointsman.route.Parts;
import dev.pointsman.route.SessionKey;
import dev.pointsman.route.Sessions;
import dev.pointsman.wire.Format;
import dev.pointsman.wire.Operation;
import dev.pointsman.wire.Peek;
import dev.pointsman.wire.RequestException;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One request that asks a model, from its first byte to the last of its answer. Confined to its
 * event loop.
 */
final class Visit implements BodyReader.Then, Journey.Errand {

    private static final Logger LOG = System.getLogger(Visit.class.getName());

    /** What providers say of an operation that they do not have. */
    private static final Set<Integer> NOT_OFFERED = Set.of(404, 405, 501);

    /** How long a caller that is refused may go on sending. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Shared shared;
    private final Serving serving;
    private final HttpServerRequest request;
    private final Holder holder;
    private final Pass pass;
    private final Endpoint.Ask ask;
    private final Reply reply;
    private final BodyReader body;
    private final AnswerRelay relay;
    private final ConnectionClock clock;
    private final Context context = Objects.requireNonNull(Vertx.currentContext());
    private @Nullable Asked asked;
    private @Nullable Crossing crossing;
    private Runnable cancel = () -> {};
    private boolean over;

    /**
     * @param holder by the key that the caller showed
     */
    Visit(
            Shared shared,
            HttpServerRequest request,
            Holder holder,
            Endpoint.Ask ask,
            ConnectionClock clock) {
        this.shared = shared;
        this.serving = shared.serving();
        this.request = request;
        this.holder = holder;
        this.pass = new Pass(holder, ask.format(), shared, serving);
        this.ask = ask;
        this.clock = clock;
        this.reply = new Reply(request, ask.format());
        this.body = new BodyReader(request, shared, serving.limits().body(), this);
        this.relay = new AnswerRelay(reply, shared.passedOn());
    }

    void begin() {
        shared.begun();
        request.response().closeHandler(closed -> left());
        request.response().exceptionHandler(failure -> left());
        request.exceptionHandler(this::broken);
        request.response().endHandler(ended -> release());
        String encoding = request.headers().get(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            refused(
                    new Refusal(
                            415,
                            "a compressed body is not taken: send it without content-encoding"),
                    true);
            return;
        }
        body.start();
    }

    /** The request ends in the middle: its caller has gone, or says what is no HTTP. */
    private void broken(Throwable failure) {
        boolean gone = failure instanceof IOException || failure instanceof ClosedChannelException;
        if (!gone && !reply.isOver() && !reply.response().headWritten()) {
            refused(new Refusal(400, "this is no valid HTTP request: its body is broken"), true);
        }
        left();
    }

    /** The caller has gone: nothing is asked of a provider any more. */
    private void left() {
        cancel.run();
        release();
    }

    private void release() {
        if (!over) {
            over = true;
            body.release();
            shared.over();
            clock.over();
        }
    }

    @Override
    public void refused(Refusal why, boolean close) {
        if (close) {
            request.response().putHeader("connection", "close");
            request.response().endHandler(ended -> closeGently());
        }
        refuse(why);
    }

    /**
     * Takes in what the caller is still sending before closing: a connection closed on bytes that
     * nobody read is reset, and the caller would never see why.
     */
    private void closeGently() {
        release();
        clock.ends();
        HttpConnection connection = request.connection();
        if (request.isEnded()) {
            connection.close();
            return;
        }
        request.handler(ignored -> {});
        request.endHandler(ended -> connection.close());
        context.owner().setTimer(LINGER.toMillis(), rings -> connection.close());
    }

    private void refuse(Refusal why) {
        shared.metrics().refused(why.status());
        reply.refused(why, serving.parts().ids().next());
    }

    @Override
    public void whole(byte[] bytes) {
        clock.received();
        clock.waits();
        try {
            Asked seen =
                    new Asked(ask, request.query(), Peek.of(ask.format(), ask.operation(), bytes));
            asked = seen;
            crossing = new Crossing(ask.format(), ask.operation(), bytes, seen.flow());
            setOut(seen);
        } catch (RequestException e) {
            refuse(new Refusal(400, String.valueOf(e.getMessage())));
        } catch (Refusal e) {
            pass.end(0);
            refuse(e);
        } catch (IllegalArgumentException e) {
            pass.end(0);
            refuse(new Refusal(400, String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void setOut(Asked seen) throws Refusal {
        Policy policy = serving.policy();
        ModelChoice choice =
                serving.choices().of(ask.format(), seen.isTranslatable(), seen.model());
        Optional<String> category =
                choice instanceof ModelChoice.Auto auto ? auto.category() : Optional.empty();
        Task task =
                Said.task(
                        seen.peek(),
                        request.headers(),
                        holder.name(),
                        policy.storeContent(),
                        choice instanceof ModelChoice.Auto,
                        category);
        if (task.category().isPresent()) {
            pass.category(task.category().get());
        }
        boolean recorded = ask.operation() != Operation.COUNT_TOKENS;
        Parts parts = recorded ? serving.parts() : serving.unrecorded();
        Journey way =
                new Journey(parts, task, seen.input(), serving.limits().upstreamRequests(), this);
        cancel = way::cancel;
        switch (choice) {
            case ModelChoice.Auto auto -> choose(way, seen, task);
            case ModelChoice.Named named -> {
                List<Deployment> models = pass.among(named.deployments());
                pass.take(seen.tokens(task));
                way.begin(named(task), models);
            }
        }
    }

    private void choose(Journey way, Asked seen, Task task) throws Refusal {
        if (!seen.embeds()) {
            pass.take(seen.tokens(task));
            way.begin();
            return;
        }
        if (task.category().isEmpty()) {
            throw new Refusal(
                    400,
                    "auto chooses among models that answer: name an embedding model, or"
                            + " auto/<category> with a category of embedding models");
        }
        List<Deployment> models =
                serving.policy().route(task.category().get()).stream()
                        .filter(one -> one.provider().speaks(ask.format()))
                        .filter(one ->
                                serving.parts().practice()
                                        || one.provider().unavailable().isEmpty())
                        .toList();
        if (models.isEmpty()) {
            throw new Refusal(
                    ModelChoice.NOT_FOUND,
                    "no model of the category " + task.category().get() + " can be called here");
        }
        List<Deployment> left = pass.among(models);
        pass.take(seen.tokens(task));
        way.begin(named(task), left);
    }

    private static Classification named(Task task) {
        return new Classification(
                task.category().orElse(Classification.NO_CATEGORY),
                1,
                Classification.Source.NAMED,
                List.of("the caller named the model"),
                false);
    }

    private Asked asked() {
        return Objects.requireNonNull(asked);
    }

    private Crossing crossing() {
        return Objects.requireNonNull(crossing);
    }

    @Override
    public Asking asking(Decision made) {
        relay.decided(made, asked().asArray());
        crossing().decided(made);
        return asked().asking(
                        shared.passedOn().upstream(request.headers()),
                        serving.policy().storeContent(),
                        crossing(),
                        relay);
    }

    @Override
    public Optional<Rejection> obstacle(Deployment deployment) {
        return pass.obstacle(deployment).or(() -> crossing().obstacle(deployment));
    }

    @Override
    public void classified(Classification classification) {
        pass.classified(classification.category());
    }

    @Override
    public Optional<SessionKey> session(Sessions sessions) {
        return ask.operation() == Operation.ANSWER
                ? SessionKeys.of(asked().peek(), request.headers(), sessions.key(holder.name()))
                : Optional.empty();
    }

    @Override
    public Optional<Limit> limit() {
        return holder.grant().budget();
    }

    @Override
    public long mostOutput(Model model) {
        return asked().mostOutput(model);
    }

    @Override
    public ServiceTier tier() {
        return asked().peek().tier();
    }

    @Override
    public void goOn(Runnable step) {
        context.runOnContext(here -> step.run());
    }

    @Override
    public void settled(Entry entry) {
        over(entry);
        if (ask.operation() != Operation.COUNT_TOKENS) {
            shared.metrics().settled(asked().name(), entry);
        }
        if (relay.begun() || reply.isOver()) {
            return;
        }
        if (relay.isOpen()) {
            tell(entry);
            return;
        }
        Optional<AnswerRelay.Refused> refused = relay.refusedLast();
        boolean notOffered =
                refused.map(AnswerRelay.Refused::status).filter(NOT_OFFERED::contains).isPresent();
        boolean unasked = calls(entry).isEmpty();
        Optional<Refusal> forbidden = unasked ? pass.forbidden(entry.decision()) : Optional.empty();
        if (forbidden.isPresent()) {
            decided(entry);
            refuse(forbidden.get());
        } else if ((notOffered || unasked) && ask.operation() == Operation.COUNT_TOKENS) {
            estimate(entry);
        } else if (notOffered && ask.operation() == Operation.EMBED_BATCH) {
            embedSingly(entry);
        } else {
            noAnswer(entry);
        }
    }

    /** What all calls to answer it took counts for the key; a batch is made of further ones. */
    private void over(Entry entry) {
        if (ask.operation() == Operation.EMBED_BATCH) {
            pass.endAsEstimated();
            return;
        }
        long tokens = 0;
        for (Attempt attempt : entry.attempts()) {
            if (attempt.purpose() == Attempt.Purpose.ANSWER) {
                tokens += attempt.usage().totalInput() + attempt.usage().output();
            }
        }
        pass.end(tokens);
    }

    /** The count that the provider does not offer. Else clients pay for a request to get it. */
    private void estimate(Entry entry) {
        decided(entry);
        reply.response().putHeader("x-pointsman-estimated", "true");
        String key = ask.format() == Format.GEMINI ? "totalTokens" : "input_tokens";
        reply.json(
                200,
                ("{\"" + key + "\":" + asked().input() + "}").getBytes(StandardCharsets.UTF_8));
    }

    private void embedSingly(Entry entry) {
        BatchOfEmbeddings singly =
                new BatchOfEmbeddings(
                        serving,
                        this,
                        entry.task(),
                        asked().peek(),
                        relay.deployment(),
                        shared.passedOn().upstream(request.headers()),
                        reply,
                        crossing(),
                        shared.passedOn(),
                        this::failed);
        decided(entry);
        cancel = singly::cancel;
        singly.begin();
    }

    private void noAnswer(Entry entry) {
        decided(entry);
        if (calls(entry).isEmpty()) {
            reply.unasked(entry);
        } else {
            tell(entry);
        }
    }

    private void tell(Entry entry) {
        List<Attempt> calls = calls(entry);
        Failure last = calls.getLast().failure().orElseThrow();
        String words = calls.size() > 1 ? entry.noAnswer() : last.message();
        relay.tell(last, words, calls.size());
    }

    private void decided(Entry entry) {
        List<Attempt> calls = calls(entry);
        String model = calls.isEmpty() ? "" : calls.getLast().model().ref();
        reply.decided(entry.decision(), model, calls.size(), Optional.empty());
    }

    /** Those to answer it: what was asked to find its category is no business of the caller's. */
    private static List<Attempt> calls(Entry entry) {
        return entry.attempts().stream()
                .filter(one -> one.purpose() == Attempt.Purpose.ANSWER)
                .toList();
    }

    @Override
    public void failed(Throwable cause) {
        pass.end(0);
        if (cause instanceof IllegalArgumentException) {
            refuse(new Refusal(400, String.valueOf(cause.getMessage())));
            return;
        }
        LOG.log(Level.ERROR, "A request failed through a defect of Pointsman", cause);
        if (relay.begun() || relay.isOpen()) {
            relay.breakOff(500, "the gateway failed");
        } else {
            refuse(Refusal.DEFECT);
        }
    }
}

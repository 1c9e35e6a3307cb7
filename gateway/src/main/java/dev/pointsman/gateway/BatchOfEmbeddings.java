package dev.pointsman.gateway;

import dev.pointsman.budget.Limit;
import dev.pointsman.call.Asking;
import dev.pointsman.call.Relay;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Model;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;
import dev.pointsman.policy.Deployment;
import dev.pointsman.route.Journey;
import dev.pointsman.wire.Format;
import dev.pointsman.wire.Headers;
import dev.pointsman.wire.Operation;
import dev.pointsman.wire.Peek;
import dev.pointsman.wire.Splice;
import dev.pointsman.wire.WholeAnswer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gemini's batch of texts at a provider that embeds only one at a time: one call after another,
 * each its own entry in the ledger; the answers are put together as the batch's.
 */
final class BatchOfEmbeddings implements Journey.Errand {

    private static final Classification NAMED =
            new Classification(
                    Classification.NO_CATEGORY,
                    1,
                    Classification.Source.NAMED,
                    List.of("one of a batch"),
                    false);

    private final Serving serving;
    private final Visit visit;
    private final Task task;
    private final Peek peek;
    private final Deployment model;
    private final Map<String, String> headers;
    private final Reply reply;
    private final Crossing crossing;
    private final Consumer<Throwable> failed;
    private final Collector relay;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    private int index;
    private volatile boolean cancelled;
    private volatile Optional<Journey> underWay = Optional.empty();

    /**
     * @param visit whose batch it is
     * @param task the batch as a whole
     */
    BatchOfEmbeddings(
            Serving serving,
            Visit visit,
            Task task,
            Peek peek,
            Deployment model,
            Map<String, String> headers,
            Reply reply,
            Crossing crossing,
            PassedOn passedOn,
            Consumer<Throwable> failed) {
        this.serving = serving;
        this.visit = visit;
        this.task = task;
        this.peek = peek;
        this.model = model;
        this.headers = headers;
        this.reply = reply;
        this.crossing = crossing;
        this.failed = failed;
        this.relay = new Collector(passedOn);
        answer.writeBytes("{\"embeddings\":[".getBytes(StandardCharsets.UTF_8));
    }

    /** Makes the first call; the others follow by themselves. */
    void begin() {
        if (index == peek.batch()) {
            answer.writeBytes("]}".getBytes(StandardCharsets.UTF_8));
            reply.json(200, answer.toByteArray());
            return;
        }
        Journey journey =
                new Journey(
                        serving.parts(),
                        task.sketch(peek.sketch() + "#" + index),
                        Math.max(1, Said.tokens(peek) / peek.batch()),
                        serving.limits().upstreamRequests(),
                        this);
        underWay = Optional.of(journey);
        journey.begin(NAMED, List.of(model));
    }

    void cancel() {
        cancelled = true;
        underWay.ifPresent(Journey::cancel);
    }

    @Override
    public Asking asking(Decision decision) {
        return new Asking.OfBytes(
                Format.GEMINI,
                Operation.EMBED,
                false,
                false,
                headers,
                "",
                deployment ->
                        Asking.Own.Sent.whole(
                                Splice.ofBatch(peek, index, "models/" + deployment.model().id())),
                false,
                false,
                crossing,
                Optional.of(WholeAnswer::embedding),
                relay);
    }

    @Override
    public Optional<Limit> limit() {
        return visit.limit();
    }

    @Override
    public long mostOutput(Model of) {
        return visit.mostOutput(of);
    }

    @Override
    public void goOn(Runnable step) {
        visit.goOn(step);
    }

    @Override
    public void settled(Entry entry) {
        if (cancelled || reply.isOver()) {
            return;
        }
        if (entry.answer().isPresent()) {
            index++;
            begin();
            return;
        }
        if (entry.attempts().isEmpty()) {
            reply.unasked(entry);
            return;
        }
        Failure failure = entry.attempts().getLast().failure().orElseThrow();
        relay.refusals.tell(failure, failure.message(), 1);
    }

    @Override
    public void failed(Throwable cause) {
        failed.accept(cause);
    }

    @Override
    public Optional<Rejection> obstacle(Deployment deployment) {
        return crossing.obstacle(deployment);
    }

    /** Puts each answer behind the ones before. */
    private final class Collector implements Relay {
        private final AnswerRelay refusals;

        Collector(PassedOn passedOn) {
            refusals = new AnswerRelay(reply, passedOn);
        }

        @Override
        public void trying(Deployment deployment, int number) {
            refusals.trying(deployment, number);
        }

        @Override
        public void leftOut(List<String> fields) {
            refusals.leftOut(fields);
        }

        @Override
        public void refused(int status, Headers answered, byte[] body) {
            refusals.refused(status, answered, body);
        }

        @Override
        public void silent() {
            // only callers of streams are told to wait
        }

        @Override
        public boolean isOpen() {
            return false;
        }

        @Override
        public void begin(
                int status, Headers answered, long length, Optional<Usage> usage, Flow flow) {
            answer.writeBytes((index > 0 ? "," : "").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void bytes(byte[] bytes) {
            answer.writeBytes(bytes);
        }

        @Override
        public void end() {
            // the next call follows when this one is settled
        }

        @Override
        public void broken(Failure failure, boolean told) {
            // an answer that is looked through whole never breaks off after it began
        }
    }
}

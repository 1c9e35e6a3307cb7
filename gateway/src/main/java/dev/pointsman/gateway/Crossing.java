package dev.pointsman.gateway;

import dev.pointsman.call.Asking;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.Rejection.Reason;
import dev.pointsman.policy.Deployment;
import dev.pointsman.wire.AnswerTranslator;
import dev.pointsman.wire.Format;
import dev.pointsman.wire.Frame;
import dev.pointsman.wire.Operation;
import dev.pointsman.wire.RequestException;
import dev.pointsman.wire.Translation;
import dev.pointsman.wire.WireRequest;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Optional;

/**
 * Brings one request over to providers of other formats. It is read when the first of them is
 * looked at. Confined to the request's event loop.
 */
final class Crossing implements Asking.Bridge {

    private static final int MILLIS = 1_000;

    private final Format format;
    private final Operation operation;
    private final byte[] body;
    private final Flow flow;
    private @Nullable Translation translation;
    private String id = "";

    /**
     * How the answer is to come.
     *
     * @param stream whether as a stream
     * @param asArray whether a stream of Gemini's is one JSON array in place of events
     * @param withUsage whether the caller asked for the usage of a chat stream
     * @param estimatedInput the request's size in tokens
     */
    record Flow(boolean stream, boolean asArray, boolean withUsage, long estimatedInput) {}

    Crossing(Format format, Operation operation, byte[] body, Flow flow) {
        this.format = format;
        this.operation = operation;
        this.body = body;
        this.flow = flow;
    }

    /** Why a model cannot be asked; empty if it can. */
    Optional<Rejection> obstacle(Deployment deployment) {
        if (deployment.provider().speaks(format)) {
            return Optional.empty();
        }
        Format other = deployment.provider().format();
        if (operation != Operation.ANSWER) {
            return rejected(
                    deployment,
                    Reason.OTHER_FORMAT,
                    "its provider speaks " + other.label() + ", and the caller " + format.label());
        }
        try {
            return read().obstacle(other, deployment.model())
                    .flatMap(why ->
                            rejected(
                                    deployment,
                                    Reason.UNTRANSLATABLE,
                                    "it cannot be said in " + other.label() + ": " + why));
        } catch (RequestException e) {
            return rejected(deployment, Reason.UNTRANSLATABLE, String.valueOf(e.getMessage()));
        }
    }

    /** Names the answer by its decision. */
    void decided(Decision decision) {
        id = decision.id();
    }

    private static Optional<Rejection> rejected(
            Deployment deployment, Reason reason, String message) {
        return Optional.of(new Rejection(deployment.model().ref(), reason, message));
    }

    private Translation read() throws RequestException {
        if (translation == null) {
            translation = Translation.of(format, body);
        }
        return translation;
    }

    @Override
    public WireRequest request(Deployment deployment) {
        return known().request(deployment.provider().format(), deployment.model(), flow.stream());
    }

    @Override
    public Optional<WireRequest> bare(Deployment deployment) {
        return known().bare()
                .map(bare ->
                        bare.request(
                                deployment.provider().format(), deployment.model(), flow.stream()));
    }

    @Override
    public AnswerTranslator answer(Deployment deployment) {
        Frame frame =
                new Frame(
                        id,
                        deployment.model().id(),
                        System.currentTimeMillis() / MILLIS,
                        flow.estimatedInput(),
                        flow.withUsage());
        return known().answer(deployment.provider().format(), frame, flow.asArray());
    }

    /** Whoever is asked had no obstacle, so the request was read. */
    private Translation known() {
        return Objects.requireNonNull(translation);
    }
}

package dev.pointsman.gateway;

import dev.pointsman.core.Model;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.Provider;
import dev.pointsman.wire.Body;
import dev.pointsman.wire.Format;
import dev.pointsman.wire.Operation;
import dev.pointsman.wire.Peek;
import dev.pointsman.wire.RequestException;
import dev.pointsman.wire.Splice;
import dev.pointsman.wire.Unsealed;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * What a provider of the caller's own format is sent: the caller's bytes, but for the few that are
 * spliced. Confined to the request's event loop.
 */
final class OwnBody {

    private static final String MODELS = "models/";

    private final Format format;
    private final Operation operation;
    private final Peek said;
    private final boolean stream;
    private @Nullable Peek cleaned;
    private @Nullable Model cleanedFor;

    OwnBody(Format format, Operation operation, Peek said, boolean stream) {
        this.format = format;
        this.operation = operation;
        this.said = said;
        this.stream = stream;
    }

    Body of(Deployment deployment) {
        String id = deployment.model().id();
        boolean asksUsage =
                format == Format.OPENAI_CHAT
                        && operation == Operation.ANSWER
                        && stream
                        && deployment.provider().streamUsage() == Provider.StreamUsage.ASK;
        return Splice.of(
                cleaned(deployment.model()), format == Format.GEMINI ? MODELS + id : id, asksUsage);
    }

    /** The request without what was put into it for providers of other formats. */
    private Peek cleaned(Model model) {
        if (!said.goesOn()) {
            return said;
        }
        if (cleaned == null || !model.equals(cleanedFor)) {
            Optional<byte[]> changed = Unsealed.of(format, model, said.bytes());
            cleaned = changed.map(this::read).orElse(said);
            cleanedFor = model;
        }
        return cleaned;
    }

    private Peek read(byte[] bytes) {
        try {
            return Peek.of(format, operation, bytes);
        } catch (RequestException e) {
            throw new IllegalStateException("The request could be read before", e);
        }
    }
}

package dev.pointsman.gateway;

import dev.pointsman.call.Asking;
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

import java.util.List;
import java.util.Optional;

/**
 * What a provider of the caller's own format is sent: the caller's bytes, but for the few that are
 * spliced. Confined to the request's event loop.
 */
final class OwnBody implements Asking.Own {

    private static final String MODELS = "models/";

    private record Cleaned(Peek request, List<String> dropped) {}

    private final Format format;
    private final Operation operation;
    private final Peek said;
    private final boolean stream;
    private @Nullable Cleaned cleaned;
    private @Nullable Model cleanedFor;

    OwnBody(Format format, Operation operation, Peek said, boolean stream) {
        this.format = format;
        this.operation = operation;
        this.said = said;
        this.stream = stream;
    }

    @Override
    public Sent of(Deployment deployment) {
        Cleaned cleaned = cleaned(deployment.model());
        return new Sent(spliced(deployment, cleaned.request()), cleaned.dropped());
    }

    @Override
    public Optional<Sent> bare(Deployment deployment) {
        if (!said.goesOn()) {
            return Optional.empty();
        }
        return Unsealed.bare(format, deployment.model(), said.bytes())
                .map(bare -> new Sent(spliced(deployment, read(bare.body())), bare.dropped()));
    }

    private Body spliced(Deployment deployment, Peek request) {
        String id = deployment.model().id();
        boolean asksUsage =
                format == Format.OPENAI_CHAT
                        && operation == Operation.ANSWER
                        && stream
                        && deployment.provider().streamUsage() == Provider.StreamUsage.ASK;
        return Splice.of(request, format == Format.GEMINI ? MODELS + id : id, asksUsage);
    }

    /** The request without what was put into it for providers of other formats. */
    private Cleaned cleaned(Model model) {
        if (!said.goesOn()) {
            return new Cleaned(said, List.of());
        }
        if (cleaned == null || !model.equals(cleanedFor)) {
            cleaned =
                    Unsealed.of(format, model, said.bytes())
                            .map(less -> new Cleaned(read(less.body()), less.dropped()))
                            .orElseGet(() -> new Cleaned(said, List.of()));
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

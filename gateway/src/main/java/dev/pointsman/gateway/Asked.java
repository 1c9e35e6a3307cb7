package dev.pointsman.gateway;

import dev.pointsman.call.Asking;
import dev.pointsman.call.Asking.Edit;
import dev.pointsman.call.Relay;
import dev.pointsman.core.Model;
import dev.pointsman.core.Task;
import dev.pointsman.wire.Format;
import dev.pointsman.wire.Operation;
import dev.pointsman.wire.Peek;
import dev.pointsman.wire.WholeAnswer;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;

/**
 * What a caller asks for, by path and body.
 *
 * @param query null if there is none
 */
record Asked(Endpoint.Ask ask, @Nullable String query, Peek peek) {

    /** What a model may answer with of which nobody knows it, in tokens. */
    private static final long MOST_OUTPUT = 128 << 10;

    /** By the path, else by the body; blank if neither says one. */
    String model() {
        return ask.model().or(peek::model).orElse("");
    }

    /** The name that OpenTelemetry's conventions have for it. */
    String name() {
        return ask.operation() == Operation.ANSWER ? "chat" : "embeddings";
    }

    boolean embeds() {
        return ask.operation() == Operation.EMBED || ask.operation() == Operation.EMBED_BATCH;
    }

    /** Whether providers of other formats can do it, or Pointsman in their place. */
    boolean isTranslatable() {
        return ask.operation() == Operation.ANSWER || ask.operation() == Operation.COUNT_TOKENS;
    }

    /** Its size in tokens, by estimate. */
    long input() {
        return Said.tokens(peek);
    }

    /** What it takes at most, in and out; counting takes nothing. */
    long tokens(Task task) {
        return switch (ask.operation()) {
            case ANSWER -> input() + (long) task.maxTokens() * peek.choices();
            case EMBED, EMBED_BATCH -> input();
            case COUNT_TOKENS -> 0;
        };
    }

    /**
     * How many tokens the caller lets the model answer with, or all that it can, for each of the
     * answers that are asked for.
     */
    long mostOutput(Model model) {
        if (embeds()) {
            return 0;
        }
        boolean known = model.outputTokens() > 0;
        long most = known ? model.outputTokens() : MOST_OUTPUT;
        long said = peek.maxTokens().isPresent() ? peek.maxTokens().getAsInt() : most;
        return peek.choices() * (known ? Math.min(said, most) : said);
    }

    private boolean streams() {
        return ask.stream() || peek.stream();
    }

    /** Whether a stream is to come as one JSON array, which is Gemini's way unless it is told. */
    boolean asArray() {
        boolean events = query != null && query.contains("alt=sse");
        return ask.stream() && ask.format() == Format.GEMINI && !events;
    }

    Crossing.Flow flow() {
        return new Crossing.Flow(streams(), asArray(), peek.wantsUsage(), input());
    }

    /**
     * How a model is asked for it.
     *
     * @param headers that go with it
     * @param whole whether the answer is to be kept
     */
    Asking asking(Map<String, String> headers, boolean whole, Crossing crossing, Relay relay) {
        boolean chatStream = ask.format() == Format.OPENAI_CHAT && streams();
        return new Asking.OfBytes(
                ask.format(),
                ask.operation(),
                streams(),
                asArray(),
                headers,
                passedQuery(),
                new OwnBody(ask.format(), ask.operation(), peek, streams()),
                whole,
                chatStream && !peek.wantsUsage(),
                crossing,
                edit(),
                relay);
    }

    /** Events are asked for where an array is wanted: of them it is known when an answer begins. */
    private String passedQuery() {
        String passed = query == null ? "" : PassedOn.query(query);
        return asArray() ? PassedOn.withEvents(passed) : passed;
    }

    private Optional<Edit> edit() {
        boolean base64 =
                ask.operation() == Operation.EMBED
                        && ask.format() == Format.OPENAI_CHAT
                        && peek.base64();
        return base64 ? Optional.of(WholeAnswer::embeddingsInBase64) : Optional.empty();
    }
}

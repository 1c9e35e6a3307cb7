package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Answer;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Conversation;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Model;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads and writes one format. Implementations are stateless and thread-safe. */
public interface Codec {

    /**
     * What to send for a task.
     *
     * @throws IllegalArgumentException if the task's response schema is not the JSON text of an
     *     object
     */
    default WireRequest request(Task task, Model model, boolean stream) {
        return format().requestWriter().write(Conversation.of(task), model, stream);
    }

    Format format();

    /** The headers that carry a key. */
    Map<String, String> credentials(Secret key);

    /**
     * Where a request of the format's own clients goes, after the provider's base URL.
     *
     * @param model the provider's name for the model
     */
    String path(Operation operation, String model, boolean stream);

    /** The key of an answer under which its usage stands. */
    default String usageKey() {
        return "usage";
    }

    /**
     * Reads the usage of an answer.
     *
     * @param before what earlier events of the same stream said
     */
    Usage usage(JsonNode json, Usage before);

    /**
     * Reads a complete answer. Where the provider told no usage it is {@code
     * Usage.NONE.asEstimate()}, for the caller to fill in.
     *
     * @throws ProtocolException if it is none; carries the failure
     */
    default Answer answer(byte[] body) throws ProtocolException {
        AnswerGatherer gatherer = new AnswerGatherer();
        read(body, new Blocks(gatherer, "", name -> name));
        return gatherer.answer().answer();
    }

    /**
     * Reads a complete answer and hands on the events by which it would have been streamed, the
     * last one {@link AnswerEvent.End}.
     *
     * @throws ProtocolException if it is none; carries the failure
     */
    void read(byte[] body, Consumer<AnswerEvent> out) throws ProtocolException;

    /** A reader for one streamed answer. */
    StreamReader stream();

    /**
     * Whether the format's clients understand an event with which a stream failed.
     *
     * @param data of that event
     * @throws ProtocolException if it is no JSON
     */
    default boolean tellsFailure(String data) throws ProtocolException {
        return true;
    }

    /**
     * What a status other than 2xx means.
     *
     * @param header a response header's value by its lower-case name
     */
    default Failure failure(int status, Function<String, Optional<String>> header, byte[] body) {
        return HttpFailures.of(status, header, body);
    }

    /** Writes a complete answer, as a provider would. */
    default byte[] writeAnswer(Answer answer, String model) {
        return format().answerWriter().whole(FullAnswer.of(answer, model), Frame.practice(model));
    }

    /**
     * Writes a complete stream of server-sent events, as a provider would: one start, the text in
     * pieces, one end.
     */
    default byte[] writeStream(Answer answer, String model) {
        Pieces out = new Pieces();
        BlockSink sink = format().answerWriter().stream(Frame.practice(model), out);
        sink.begin(model, answer.usage());
        sink.open(answer.stop() == Answer.Stop.REFUSAL ? new Block.Refusal() : new Block.Text());
        Pieces.of(answer.text()).forEach(sink::piece);
        sink.close(Optional.empty());
        sink.end(answer.stop(), answer.usage());
        return out.take();
    }
}

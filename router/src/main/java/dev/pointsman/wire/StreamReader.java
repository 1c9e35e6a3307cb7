package dev.pointsman.wire;

import dev.pointsman.core.AnswerEvent;

import java.util.function.Consumer;

/** Reads one streamed answer, event by event. Has state; used by one thread at a time. */
public interface StreamReader {

    /**
     * Reads an event and hands on what it means; events and fields it does not know mean nothing.
     *
     * @throws ProtocolException if the event is not the format's
     */
    void read(ServerSentEvent event, Consumer<AnswerEvent> out) throws ProtocolException;

    /**
     * The bytes have ended: formats whose last event is not marked hand on {@link AnswerEvent.End}
     * here if they saw their end.
     */
    void close(Consumer<AnswerEvent> out);
}

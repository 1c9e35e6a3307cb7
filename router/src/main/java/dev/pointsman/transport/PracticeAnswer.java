package dev.pointsman.transport;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Usage;
import dev.pointsman.wire.Codec;
import dev.pointsman.wire.ErrorBody;
import dev.pointsman.wire.ProtocolException;
import dev.pointsman.wire.SseDecoder;
import dev.pointsman.wire.StreamReader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A placeholder's bytes in the format of a call, in parts: what opens it, its content in pieces,
 * and what closes it. An answer in one body is all content.
 */
record PracticeAnswer(List<byte[]> opening, List<byte[]> content, List<byte[]> closing) {

    static final int NOT_IMPLEMENTED = 501;

    private static final int PIECES_OF_BODY = 4;

    static PracticeAnswer of(Exchange exchange, String text) {
        byte[] bytes = bytes(exchange, text);
        return exchange.stream()
                ? ofStream(events(bytes), exchange.format().codec())
                : new PracticeAnswer(List.of(), pieces(bytes), List.of());
    }

    /** The whole of it; its token counts are the estimates that the decision was made with. */
    static byte[] bytes(Exchange exchange, String text) {
        Codec codec = exchange.format().codec();
        Usage usage = Usage.of(exchange.estimatedInput(), exchange.expectedOutput());
        Answer answer = new Answer(text, usage, Stop.END);
        String model = exchange.model().id();
        return exchange.stream()
                ? codec.writeStream(answer, model)
                : codec.writeAnswer(answer, model);
    }

    /** The body of {@link #NOT_IMPLEMENTED}, for what is no question for an answer. */
    static byte[] refusal(Exchange exchange) {
        return ErrorBody.of(
                exchange.format(),
                NOT_IMPLEMENTED,
                "the practice provider only answers: set a provider's key to count or embed");
    }

    /** Up to the middle of the content, and at least one piece of it. */
    List<byte[]> half() {
        List<byte[]> half = new ArrayList<>(opening);
        half.addAll(content.subList(0, Math.max(1, content.size() / 2)));
        return half;
    }

    private static PracticeAnswer ofStream(List<byte[]> events, Codec codec) {
        int first = events.size();
        int afterLast = 0;
        SseDecoder decoder = new SseDecoder();
        StreamReader reader = codec.stream();
        for (int i = 0; i < events.size(); i++) {
            if (hasContent(events.get(i), decoder, reader)) {
                first = Math.min(first, i);
                afterLast = i + 1;
            }
        }
        return new PracticeAnswer(
                events.subList(0, first),
                events.subList(first, afterLast),
                events.subList(afterLast, events.size()));
    }

    private static boolean hasContent(byte[] event, SseDecoder decoder, StreamReader reader) {
        List<AnswerEvent> read = new ArrayList<>();
        try {
            decoder.feed(
                    event,
                    sent -> {
                        try {
                            reader.read(sent, read::add);
                        } catch (ProtocolException e) {
                            throw new IllegalStateException(e);
                        }
                    });
        } catch (ProtocolException e) {
            throw new IllegalStateException("What is written can be read", e);
        }
        return read.stream().anyMatch(AnswerEvent::isContent);
    }

    /** Each with the empty line that ends it. */
    private static List<byte[]> events(byte[] stream) {
        List<byte[]> events = new ArrayList<>();
        int from = 0;
        for (int i = 1; i < stream.length; i++) {
            if (stream[i] == '\n' && stream[i - 1] == '\n') {
                events.add(Arrays.copyOfRange(stream, from, i + 1));
                from = i + 1;
            }
        }
        return events;
    }

    private static List<byte[]> pieces(byte[] body) {
        List<byte[]> pieces = new ArrayList<>();
        int size = Math.ceilDiv(body.length, PIECES_OF_BODY);
        for (int from = 0; from < body.length; from += size) {
            pieces.add(Arrays.copyOfRange(body, from, Math.min(body.length, from + size)));
        }
        return pieces;
    }
}

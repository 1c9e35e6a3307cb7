package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class SseDecoderTest {

    private static final String STREAM =
            ": a comment\n"
                    + "event: first\n"
                    + "id: 7\n"
                    + "retry: 10\n"
                    + "data: one\n"
                    + "data:two \uD83D\uDE80\n"
                    + "data:  three\n\n"
                    + "data\n\n"
                    + "event: nothing\n\n"
                    + "unknown: x\n"
                    + "data: last \u00e9\n\n";

    private static final List<ServerSentEvent> EVENTS =
            List.of(
                    new ServerSentEvent("first", "one\ntwo \uD83D\uDE80\n three"),
                    new ServerSentEvent("", ""),
                    new ServerSentEvent("", "last \u00e9"));

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void stream_splitAnywhere_givesTheSameEvents(String lineEnd) throws ProtocolException {
        byte[] bytes = STREAM.replace("\n", lineEnd).getBytes(StandardCharsets.UTF_8);
        for (int split = 0; split <= bytes.length; split++) {
            assertThat(
                            decode(
                                    Arrays.copyOfRange(bytes, 0, split),
                                    Arrays.copyOfRange(bytes, split, bytes.length)))
                    .as("split at " + split)
                    .isEqualTo(EVENTS);
        }
    }

    @Test
    void stream_byteByByte_givesTheSameEvents() throws ProtocolException {
        byte[] bytes = STREAM.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        byte[][] single = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            single[i] = new byte[] {bytes[i]};
        }
        assertThat(decode(single)).isEqualTo(EVENTS);
    }

    @Test
    void stream_withByteOrderMark_isReadWithoutIt() throws ProtocolException {
        assertThat(decode("\uFEFFdata: x\n\n".getBytes(StandardCharsets.UTF_8)))
                .containsExactly(new ServerSentEvent("", "x"));
    }

    @Test
    void event_withoutItsEmptyLine_isNotGiven() throws ProtocolException {
        assertThat(decode("data: x\n".getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void event_ofEightMegabytesInSmallPieces_isRead() throws ProtocolException {
        byte[] piece = "x".repeat(1024).getBytes(StandardCharsets.UTF_8);
        List<byte[]> pieces = new ArrayList<>();
        pieces.add("data: ".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 8 * 1024; i++) {
            pieces.add(piece);
        }
        pieces.add("\n\n".getBytes(StandardCharsets.UTF_8));
        assertThat(decode(pieces.toArray(byte[][]::new)).getFirst().data()).hasSize(8 << 20);
    }

    @Test
    void event_beyondTheLimit_isRefused() {
        byte[] megabytes = new byte[16 << 20];
        Arrays.fill(megabytes, (byte) 'x');
        assertThatThrownBy(() -> decode(megabytes, megabytes, megabytes, megabytes, megabytes))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("64 MB");
    }

    private static List<ServerSentEvent> decode(byte[]... chunks) throws ProtocolException {
        SseDecoder decoder = new SseDecoder();
        List<ServerSentEvent> events = new ArrayList<>();
        for (byte[] chunk : chunks) {
            decoder.feed(chunk, events::add);
        }
        return events;
    }
}

package dev.pointsman.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class MarksTest {

    @Test
    void marks_cutAnywhere_bothFound() {
        byte[] chunk = ("data @" + "0".repeat(Marks.DIGITS) + " and more").getBytes(US_ASCII);
        Marks.write(chunk, 6, 1_234_567_890_123L);
        ByteBuf two = Unpooled.wrappedBuffer(chunk, chunk);
        for (int cut = 0; cut <= two.readableBytes(); cut++) {
            List<Long> found = new ArrayList<>();
            Marks marks = new Marks(found::add);
            marks.read(two, 0, cut);
            marks.read(two, cut, two.readableBytes() - cut);
            assertThat(found)
                    .as("cut at %d", cut)
                    .containsExactly(1_234_567_890_123L, 1_234_567_890_123L);
        }
    }
}

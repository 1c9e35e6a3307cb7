package dev.pointsman.bench.load;

import io.netty.buffer.ByteBuf;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Requests made beforehand, one after another and then from the beginning. Their prompts differ, so
 * that nothing is won by remembering one. Confined to the event loop.
 */
final class Requests {

    private static final int VARIANTS = 256;

    private final List<ByteBuf> all;
    private int next;

    private Requests(List<ByteBuf> all) {
        this.all = all;
    }

    static Requests of(IntFunction<ByteBuf> variant) {
        return new Requests(IntStream.range(0, VARIANTS).mapToObj(variant).toList());
    }

    static Requests always(ByteBuf request) {
        return new Requests(List.of(request));
    }

    ByteBuf next() {
        next = next + 1 == all.size() ? 0 : next + 1;
        return all.get(next);
    }
}

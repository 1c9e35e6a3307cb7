package dev.pointsman.bench.load;

import io.netty.buffer.ByteBuf;

/** Whoever has a connection, and is told what happens on it. */
interface Caller {

    void opened(Connection connection);

    /** A piece of an answer's body. */
    default void body(ByteBuf bytes, int from, int length) {}

    void answered(Connection connection, int status);

    /** The connection could not be opened, or was closed by the other side, or broke. */
    void lost(Throwable cause);
}

package dev.pointsman.route;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Names a conversation without saying anything of it. Conversations of different scopes never have
 * the same key; two of one scope by chance once in 2^64 or more.
 *
 * @param scope who holds the conversation
 */
public record SessionKey(String scope, long high, long low) {

    /**
     * Makes a key of what tells a conversation from others. The hash is a multiplicative one with
     * two lanes and a random seed: fast, and no protection where somebody chooses the seed. Not
     * thread-safe.
     */
    public static final class Draft {
        private static final VarHandle WORDS =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

        private static final int BLOCK = 2 * Long.BYTES;

        /** Odd, with bits set at random: the fractions of the square roots of 2 and 3. */
        private static final long FIRST = 0x6A09E667F3BCC909L;

        private static final long SECOND = 0xBB67AE8584CAA73BL;

        /** Beside a length. Not one of the others, which would multiply a lane by zero. */
        private static final long LENGTH = 0x3C6EF372FE94F82BL;

        /** Of a long piece, what stands in these bytes at either end counts, and its length. */
        private static final int END = 2 << 10;

        private final String scope;
        private long high;
        private long low;

        Draft(String scope, long seed) {
            this.scope = scope;
            this.high = seed ^ FIRST;
            this.low = Long.reverse(seed) ^ SECOND;
        }

        /** Adds an id. */
        public Draft id(String id) {
            for (int i = 0; i < id.length(); i++) {
                mix(id.charAt(i), i);
            }
            mix(id.length(), LENGTH);
            return this;
        }

        /** Adds a piece of the conversation. */
        public Draft piece(byte[] bytes, int from, int to) {
            if (to - from <= 2 * END) {
                blocks(bytes, from, to);
            } else {
                blocks(bytes, from, from + END);
                blocks(bytes, to - END, to);
            }
            mix(to - from, LENGTH);
            return this;
        }

        public SessionKey key() {
            return new SessionKey(scope, folded(high, FIRST), folded(low, SECOND));
        }

        private void blocks(byte[] bytes, int from, int to) {
            int at = from;
            for (; at + BLOCK <= to; at += BLOCK) {
                mix((long) WORDS.get(bytes, at), (long) WORDS.get(bytes, at + Long.BYTES));
            }
            long first = 0;
            long second = 0;
            for (int i = 0; at + i < to; i++) {
                first = Long.rotateLeft(first, 11) ^ bytes[at + i];
                second = second * 31 + bytes[at + i];
            }
            mix(first, second);
        }

        private void mix(long one, long other) {
            high = folded(high ^ one, FIRST ^ other) + low;
            low = folded(low ^ other, SECOND ^ one);
        }

        private static long folded(long one, long other) {
            return Math.multiplyHigh(one, other) ^ (one * other);
        }
    }
}

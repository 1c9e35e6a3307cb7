package dev.pointsman.classify.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;

/** Windows are the same buckets as their bytes added one by one, without those of before. */
class BucketsTest {

    @Test
    void windows_areThoseOfThreeFourAndFiveBytes() {
        Random random = new Random(7);
        Buckets buckets = new Buckets();
        for (int length = 0; length < 5_000; length = 2 * length + 1) {
            byte[] text = new byte[length + 3];
            random.nextBytes(text);
            buckets.clear();
            buckets.addWindows(text, length);

            assertThat(buckets.toArray()).containsExactly(windows(text, length));
        }
    }

    @Test
    void window_thatComesAgain_isThereOnce() {
        Buckets buckets = new Buckets();
        buckets.addWindows("abcabc".getBytes(StandardCharsets.US_ASCII), 6);

        // abc, bca, cab; abca, bcab, cabc; abcab, bcabc; and of four and five those that begin
        // before the text, one and two
        assertThat(buckets.size()).isEqualTo(3 + 3 + 2 + 1 + 2);
    }

    private static int[] windows(byte[] text, int length) {
        Buckets one = new Buckets();
        Set<Integer> expected = new LinkedHashSet<>();
        for (int end = 3; end <= length; end++) {
            for (int bytes = 3; bytes <= 5; bytes++) {
                long window = 0;
                for (int i = Math.max(0, end - bytes); i < end; i++) {
                    window = window << 8 | text[i] & 0xFF;
                }
                expected.add(one.add(window | (long) bytes << 56));
            }
        }
        return expected.stream().mapToInt(Integer::intValue).toArray();
    }
}

package dev.pointsman.classify.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.stream.IntStream;

class TokenVectorsTest {

    private static final int PIECES = 300;
    private static final int DIMENSIONS = 40;
    private static final int MOST = 127;

    private final Random random = new Random(7);

    /** Whole numbers up to 127 in every dimension, so that none is changed by rounding. */
    private final float[][] vectors = vectors();

    private float[][] vectors() {
        float[][] rows = new float[PIECES][DIMENSIONS];
        for (float[] row : rows) {
            for (int d = 0; d < DIMENSIONS; d++) {
                row[d] = random.nextInt(-MOST, MOST + 1);
            }
        }
        for (int d = 0; d < DIMENSIONS; d++) {
            rows[d][d] = d % 2 == 0 ? MOST : -MOST;
        }
        return rows;
    }

    /** Fours and what is left of them, and as many as a lane holds and more. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 24, 255, 256, 257, 512, 1_000})
    void sumsAreThoseOfThePiecesOneByOne(int count) throws IOException {
        int[] ids = random.ints(count, 0, PIECES).toArray();

        assertSums(ids, read(written(TokenVectors.quantized(vectors, DIMENSIONS)), PIECES));
    }

    /** The largest sums of either sign that lanes must hold. */
    @Test
    void theLargestAndTheSmallestStepsSumWithoutOverflow() {
        float[][] extremes = new float[2][DIMENSIONS];
        for (int d = 0; d < DIMENSIONS; d++) {
            extremes[0][d] = d % 3 == 0 ? MOST : -MOST;
            extremes[1][d] = d % 2 == 0 ? MOST : -MOST;
        }
        TokenVectors two = TokenVectors.quantized(extremes, DIMENSIONS);
        float[] sum = new float[DIMENSIONS];
        TokenVectors.Sum steps = new TokenVectors.Sum(DIMENSIONS);

        two.addTo(steps, new int[512], 0, 512);
        two.normalize(steps, sum, 0);

        for (int d = 0; d < DIMENSIONS; d++) {
            float expected = Math.signum(extremes[0][d]) / (float) Math.sqrt(DIMENSIONS);
            assertThat(sum[d]).as("dimension %d", d).isCloseTo(expected, within(1e-6f));
        }
    }

    @Test
    void aFileWhoseVectorsDoNotFitTheVocabularyIsRefused() throws IOException {
        byte[] file = written(TokenVectors.quantized(vectors, DIMENSIONS));

        assertThatThrownBy(() -> read(file, PIECES / 2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another shape");
        assertThatThrownBy(() -> read(file, PIECES + 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be");
        assertThatThrownBy(() -> read(file, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be");
        assertThatThrownBy(() -> read(new byte[Integer.BYTES], PIECES))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be");
    }

    private void assertSums(int[] ids, TokenVectors read) {
        double[] expected = new double[DIMENSIONS];
        for (int id : ids) {
            for (int d = 0; d < DIMENSIONS; d++) {
                expected[d] += vectors[id][d];
            }
        }
        double length =
                Math.sqrt(
                        IntStream.range(0, DIMENSIONS)
                                .mapToDouble(d -> expected[d] * expected[d])
                                .sum());
        float[] sum = new float[DIMENSIONS];
        TokenVectors.Sum steps = new TokenVectors.Sum(DIMENSIONS);
        read.addTo(steps, ids, 0, ids.length);
        read.normalize(steps, sum, 0);
        for (int d = 0; d < DIMENSIONS; d++) {
            assertThat((double) sum[d])
                    .as("dimension %d", d)
                    .isCloseTo(expected[d] / length, within(1e-6));
        }
    }

    private static byte[] written(TokenVectors vectors) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        vectors.write(new DataOutputStream(out));
        return out.toByteArray();
    }

    private static TokenVectors read(byte[] file, int pieces) throws IOException {
        return TokenVectors.read(new DataInputStream(new ByteArrayInputStream(file)), pieces);
    }
}

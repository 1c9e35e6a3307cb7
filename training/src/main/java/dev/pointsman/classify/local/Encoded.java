package dev.pointsman.classify.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * What a sentence encoder says of texts.
 *
 * @param name the encoder's
 * @param vectors of length one, by the text
 * @param time microseconds a prompt, on one thread
 * @param briefTime the same of a single sentence
 */
record Encoded(String name, Map<String, float[]> vectors, double time, double briefTime) {

    /** Opens an encoder that uses so many threads. */
    interface Opening {
        SentenceEncoder open(int threads);
    }

    /**
     * @param timed the texts by which its time is taken, one at a time
     * @param briefly the same of single sentences
     */
    static Encoded of(
            String name,
            Opening opening,
            Collection<String> texts,
            List<String> timed,
            List<String> briefly) {
        List<String> distinct = new ArrayList<>(new LinkedHashSet<>(texts));
        Map<String, float[]> vectors = new HashMap<>();
        try (SentenceEncoder encoder = opening.open(ModelMaker.processors())) {
            float[][] encoded = encoder.encode(distinct);
            for (int i = 0; i < encoded.length; i++) {
                vectors.put(distinct.get(i), encoded[i]);
            }
        }
        try (SentenceEncoder encoder = opening.open(1)) {
            return new Encoded(name, vectors, time(encoder, timed), time(encoder, briefly));
        }
    }

    private static double time(SentenceEncoder encoder, List<String> texts) {
        return Stopwatch.median(texts, 1, text -> encoder.encode(List.of(text))[0][0]);
    }

    float[] vector(String text) {
        float[] vector = vectors.get(text);
        if (vector == null) {
            throw new IllegalArgumentException("Not encoded: " + text);
        }
        return vector;
    }

    int dimensions() {
        return vectors.values().iterator().next().length;
    }
}

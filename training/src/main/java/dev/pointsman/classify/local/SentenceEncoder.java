package dev.pointsman.classify.local;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A sentence transformer over ONNX Runtime: texts to vectors of length one. The teacher of the
 * static vectors.
 */
final class SentenceEncoder implements AutoCloseable {

    private static final int MOST_TOKENS = 256;
    private static final int BATCH = 32;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final List<String> pieces;
    private final Map<String, Integer> ids = new HashMap<>();
    private final boolean firstToken;

    /**
     * @param name the resources' name
     * @param firstToken whether a text's vector is its first token's, and not the mean of all
     * @param threads how many encode one batch
     */
    private SentenceEncoder(String name, boolean firstToken, int threads) {
        this.firstToken = firstToken;
        try {
            OrtSession.SessionOptions options = new OrtSession.SessionOptions();
            options.setIntraOpNumThreads(threads);
            session = environment.createSession(resource(name + ".onnx"), options);
            JsonNode vocabulary =
                    new ObjectMapper()
                            .readTree(resource(name + "-tokenizer.json"))
                            .at("/model/vocab");
            pieces = new ArrayList<>(Arrays.asList(new String[vocabulary.size()]));
            vocabulary
                    .properties()
                    .forEach(one -> {
                        pieces.set(one.getValue().asInt(), one.getKey());
                        ids.put(one.getKey(), one.getValue().asInt());
                    });
        } catch (OrtException | IOException e) {
            throw new IllegalStateException("The encoder " + name + " cannot be opened", e);
        }
    }

    static SentenceEncoder miniLm(int threads) {
        return new SentenceEncoder("all-minilm-l6-v2-q", false, threads);
    }

    static SentenceEncoder bgeSmall(int threads) {
        return new SentenceEncoder("bge-small-en-v1.5-q", true, threads);
    }

    List<String> pieces() {
        return pieces;
    }

    /** The vectors of texts, in order. */
    float[][] encode(List<String> texts) {
        float[][] vectors = new float[texts.size()][];
        Integer[] order = new Integer[texts.size()];
        int[][] tokens = new int[texts.size()][];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
            tokens[i] = tokens(texts.get(i));
        }
        Arrays.sort(order, (a, b) -> tokens[a].length - tokens[b].length);
        for (int from = 0; from < order.length; from += BATCH) {
            int to = Math.min(order.length, from + BATCH);
            int[][] batch = new int[to - from][];
            for (int i = from; i < to; i++) {
                batch[i - from] = tokens[order[i]];
            }
            float[][] encoded = run(batch);
            for (int i = from; i < to; i++) {
                vectors[order[i]] = encoded[i - from];
            }
        }
        return vectors;
    }

    private float[][] run(int[][] batch) {
        int width = batch[batch.length - 1].length;
        long[][] input = new long[batch.length][width];
        long[][] mask = new long[batch.length][width];
        long[][] types = new long[batch.length][width];
        for (int i = 0; i < batch.length; i++) {
            for (int j = 0; j < batch[i].length; j++) {
                input[i][j] = batch[i][j];
                mask[i][j] = 1;
            }
        }
        try (OnnxTensor inputs = OnnxTensor.createTensor(environment, input);
                OnnxTensor masks = OnnxTensor.createTensor(environment, mask);
                OnnxTensor kinds = OnnxTensor.createTensor(environment, types);
                OrtSession.Result result =
                        session.run(
                                Map.of(
                                        "input_ids",
                                        inputs,
                                        "attention_mask",
                                        masks,
                                        "token_type_ids",
                                        kinds))) {
            float[][][] states = (float[][][]) result.get(0).getValue();
            float[][] vectors = new float[batch.length][];
            for (int i = 0; i < batch.length; i++) {
                int count = firstToken ? 1 : batch[i].length;
                float[] vector = new float[states[i][0].length];
                for (int j = 0; j < count; j++) {
                    for (int d = 0; d < vector.length; d++) {
                        vector[d] += states[i][j][d];
                    }
                }
                vectors[i] = Vectors.normalized(vector);
            }
            return vectors;
        } catch (OrtException e) {
            throw new IllegalStateException("The encoder failed", e);
        }
    }

    private int[] tokens(String text) {
        List<Integer> tokens = new ArrayList<>();
        tokens.add(ids.get("[CLS]"));
        StringBuilder word = new StringBuilder();
        for (int i = 0; i <= text.length() && tokens.size() < MOST_TOKENS; i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            if (Letters.kind(c) == Letters.WORD) {
                word.append(Letters.folded(c));
            } else {
                if (!word.isEmpty()) {
                    pieces(word.toString(), tokens);
                    word.setLength(0);
                }
                if (Letters.kind(c) == Letters.ALONE) {
                    tokens.add(ids.getOrDefault(String.valueOf(c), ids.get("[UNK]")));
                }
            }
        }
        while (tokens.size() > MOST_TOKENS - 1) {
            tokens.removeLast();
        }
        tokens.add(ids.get("[SEP]"));
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

    private void pieces(String word, List<Integer> tokens) {
        int from = 0;
        int before = tokens.size();
        while (from < word.length()) {
            int to = word.length();
            Integer id = null;
            while (to > from && id == null) {
                id = ids.get((from == 0 ? "" : "##") + word.substring(from, to));
                to = id == null ? to - 1 : to;
            }
            if (id == null) {
                while (tokens.size() > before) {
                    tokens.removeLast();
                }
                tokens.add(ids.get("[UNK]"));
                return;
            }
            tokens.add(id);
            from = to;
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = SentenceEncoder.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IllegalStateException("There is no resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("The encoder cannot be closed", e);
        }
    }
}

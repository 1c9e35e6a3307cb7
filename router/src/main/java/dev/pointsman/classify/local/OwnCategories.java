package dev.pointsman.classify.local;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Categories that are known by examples: no training, only nearness. A text's nearness to a
 * category is half its cosine to the category's centre and half that to its nearest example, of the
 * vectors of their tokens, and to that is added half of the same of their pieces of words.
 * Immutable and thread-safe; thousands of examples take less than a millisecond.
 */
public final class OwnCategories {

    /** How much nearness by pieces of words counts beside that by meaning. */
    private static final float PIECES = 0.5f;

    /**
     * Fitted on banking77's training rows against the prompts of other sources; see the model card.
     */
    private static final double TEMPERATURE = 0.05;

    private static final double IN_SCOPE_FROM = 0.55;
    private static final double IN_SCOPE_SLOPE = 16;

    private final List<String> names;
    private final Readings readings;
    private final List<String> examples = new ArrayList<>();

    /** The category of each example. */
    private final int[] owners;

    /**
     * For each dimension all examples, so that they are compared at once; arrays of their own, as
     * {@link TokenVectors#rows}.
     */
    private final float[][] vectors;

    /** One over the length of each category's summed vectors, and of its summed pieces. */
    private final float[] centreScale;

    private final float[] piecesCentreScale;

    /** For each bucket the examples that have it, and what it weighs there. */
    private final int[][] holders;

    private final float[][] weights;
    private final float[] rarity;

    /**
     * @param model whose vectors are used
     * @param examples of each category, at least one; its description counts as one
     */
    public OwnCategories(LocalModel model, Map<String, List<String>> examples) {
        this.names = List.copyOf(examples.keySet());
        this.readings = model.readings();
        examples.values().forEach(this.examples::addAll);
        int count = this.examples.size();
        this.owners = new int[count];
        int at = 0;
        int category = 0;
        for (Map.Entry<String, List<String>> one : examples.entrySet()) {
            int size = one.getValue().size();
            if (size == 0) {
                throw new IllegalArgumentException(
                        "The category " + one.getKey() + " has no example");
            }
            Arrays.fill(owners, at, at + size, category++);
            at += size;
        }
        this.vectors = new float[model.language().vectors().dimensions()][count];
        this.rarity = new float[Buckets.COUNT];
        int[][] pieces = new int[count][];
        Reading reading = readings.take();
        for (int i = 0; i < count; i++) {
            reading.read(this.examples.get(i));
            for (int d = 0; d < vectors.length; d++) {
                vectors[d][i] = reading.dense()[d];
            }
            pieces[i] = reading.buckets(Block.CHARACTERS).toArray();
        }
        readings.giveBack(reading);
        for (int[] one : pieces) {
            for (int bucket : one) {
                rarity[bucket]++;
            }
        }
        for (int bucket = 0; bucket < rarity.length; bucket++) {
            rarity[bucket] = (float) Math.log((count + 1) / (rarity[bucket] + 1.0));
        }
        this.holders = new int[Buckets.COUNT][];
        this.weights = new float[Buckets.COUNT][];
        index(pieces);
        this.centreScale = centreScale();
        this.piecesCentreScale = piecesCentreScale(pieces);
    }

    /**
     * What is nearest to a text.
     *
     * @param verdict the nearest category; its confidence counts that the text may belong to none
     * @param inScope the probability that the text belongs to any of them
     * @param example the nearest example of that category
     */
    public record Match(Verdict verdict, double inScope, String example) {}

    public List<String> names() {
        return names;
    }

    /** The nearest category. */
    public Match match(String text) {
        int count = examples.size();
        float[] meaning = new float[count];
        float[] spelling = new float[count];
        Reading reading = readings.take();
        try {
            reading.read(text);
            compareMeaning(reading.dense(), meaning);
            compareSpelling(reading.buckets(Block.CHARACTERS), spelling);
        } finally {
            readings.giveBack(reading);
        }
        return match(meaning, spelling);
    }

    private void compareMeaning(float[] text, float[] meaning) {
        for (int d = 0; d < vectors.length; d += 4) {
            add(meaning, text, d, vectors[d], vectors[d + 1], vectors[d + 2], vectors[d + 3]);
        }
    }

    private static void add(
            float[] to,
            float[] text,
            int d,
            float[] one,
            float[] two,
            float[] three,
            float[] four) {
        float a = text[d];
        float b = text[d + 1];
        float c = text[d + 2];
        float e = text[d + 3];
        for (int i = 0; i < to.length; i++) {
            to[i] = to[i] + a * one[i] + b * two[i] + c * three[i] + e * four[i];
        }
    }

    private void compareSpelling(Buckets text, float[] spelling) {
        double squares = 0;
        for (int b = 0; b < text.size(); b++) {
            int bucket = text.get(b);
            float weight = rarity[bucket];
            squares += (double) weight * weight;
            int[] held = holders[bucket];
            if (held == null) {
                continue;
            }
            float[] there = weights[bucket];
            for (int i = 0; i < held.length; i++) {
                spelling[held[i]] += weight * there[i];
            }
        }
        float factor = squares > 0 ? (float) (1 / Math.sqrt(squares)) : 0;
        for (int i = 0; i < spelling.length; i++) {
            spelling[i] *= factor;
        }
    }

    private Match match(float[] meaning, float[] spelling) {
        double[] scores = new double[names.size()];
        int[] nearest = new int[names.size()];
        int from = 0;
        for (int category = 0; category < scores.length; category++) {
            float sum = 0;
            float most = -1;
            float piecesSum = 0;
            float piecesMost = 0;
            int at = from;
            for (; at < owners.length && owners[at] == category; at++) {
                sum += meaning[at];
                piecesSum += spelling[at];
                piecesMost = Math.max(piecesMost, spelling[at]);
                if (meaning[at] > most) {
                    most = meaning[at];
                    nearest[category] = at;
                }
            }
            from = at;
            scores[category] =
                    (sum * centreScale[category] + most) / 2
                            + PIECES * (piecesSum * piecesCentreScale[category] + piecesMost) / 2;
        }
        int best = 0;
        for (int k = 1; k < scores.length; k++) {
            best = scores[k] > scores[best] ? k : best;
        }
        double inScope = 1 / (1 + Math.exp(-IN_SCOPE_SLOPE * (scores[best] - IN_SCOPE_FROM)));
        String example = examples.get(nearest[best]);
        Softmax.inPlace(scores, TEMPERATURE);
        int second = best == 0 ? scores.length - 1 : 0;
        for (int k = 0; k < scores.length; k++) {
            second = k != best && scores[k] > scores[second] ? k : second;
        }
        return new Match(
                new Verdict(
                        names.get(best),
                        scores[best] * inScope,
                        names.get(second),
                        scores[second] * inScope),
                inScope,
                example);
    }

    private void index(int[][] pieces) {
        int[] sizes = new int[Buckets.COUNT];
        for (int[] one : pieces) {
            for (int bucket : one) {
                sizes[bucket]++;
            }
        }
        for (int i = 0; i < pieces.length; i++) {
            float factor = 1 / length(pieces[i]);
            for (int bucket : pieces[i]) {
                if (holders[bucket] == null) {
                    holders[bucket] = new int[sizes[bucket]];
                    weights[bucket] = new float[sizes[bucket]];
                }
                int slot = holders[bucket].length - sizes[bucket]--;
                holders[bucket][slot] = i;
                weights[bucket][slot] = rarity[bucket] * factor;
            }
        }
    }

    private float length(int[] pieces) {
        double squares = 0;
        for (int bucket : pieces) {
            squares += (double) rarity[bucket] * rarity[bucket];
        }
        return (float) Math.sqrt(Math.max(1e-9, squares));
    }

    private float[] centreScale() {
        float[] scale = new float[names.size()];
        for (float[] dimension : vectors) {
            float[] sums = new float[scale.length];
            for (int i = 0; i < dimension.length; i++) {
                sums[owners[i]] += dimension[i];
            }
            for (int category = 0; category < scale.length; category++) {
                scale[category] += sums[category] * sums[category];
            }
        }
        return inverseRoots(scale);
    }

    private float[] piecesCentreScale(int[][] pieces) {
        float[] scale = new float[names.size()];
        float[] sums = new float[Buckets.COUNT];
        for (int from = 0, to; from < owners.length; from = to) {
            to = from;
            Arrays.fill(sums, 0);
            while (to < owners.length && owners[to] == owners[from]) {
                float factor = 1 / length(pieces[to]);
                for (int bucket : pieces[to]) {
                    sums[bucket] += rarity[bucket] * factor;
                }
                to++;
            }
            scale[owners[from]] = Vectors.squares(sums, 0, sums.length);
        }
        return inverseRoots(scale);
    }

    private static float[] inverseRoots(float[] squares) {
        for (int i = 0; i < squares.length; i++) {
            squares[i] = (float) (1 / Math.sqrt(Math.max(1e-9, squares[i])));
        }
        return squares;
    }
}

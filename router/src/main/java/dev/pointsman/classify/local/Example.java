package dev.pointsman.classify.local;

/**
 * A text as numbers, with its label.
 *
 * @param sparse for each of {@link Block}, the buckets of its features
 * @param dense the pools of its tokens' vectors, and its shape
 * @param label the index of its category
 * @param weight how much it counts
 */
record Example(int[][] sparse, float[] dense, int label, double weight) {

    static Example of(Reading reading, int label, double weight) {
        int[][] sparse = new int[Block.values().length][];
        for (Block block : Block.values()) {
            sparse[block.ordinal()] = reading.buckets(block).toArray();
        }
        return new Example(sparse, reading.dense().clone(), label, weight);
    }
}

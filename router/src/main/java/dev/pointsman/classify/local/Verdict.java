package dev.pointsman.classify.local;

/**
 * What a classifier says of a text.
 *
 * @param category the most probable one
 * @param confidence its probability, from 0 to 1
 * @param runnerUp the second; the same as {@code category} where there is no other
 * @param runnerUpConfidence the second's probability
 */
public record Verdict(
        String category, double confidence, String runnerUp, double runnerUpConfidence) {}

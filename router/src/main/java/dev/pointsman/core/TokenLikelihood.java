package dev.pointsman.core;

import java.util.List;

/**
 * How likely a token was.
 *
 * @param logprob the natural logarithm of its probability, at most 0
 * @param top the most likely tokens at its place, each without its own {@code top}; may be empty
 */
public record TokenLikelihood(String token, double logprob, List<TokenLikelihood> top) {
    public TokenLikelihood {
        top = List.copyOf(top);
    }
}

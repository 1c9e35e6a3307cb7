package dev.pointsman.wire;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Seal;
import dev.pointsman.core.TokenLikelihood;
import dev.pointsman.core.Usage;

import java.util.List;
import java.util.Optional;

/**
 * Takes an answer in order: one begin, blocks that are opened and closed one after the other, one
 * end. Has state; used by one thread at a time.
 */
interface BlockSink {

    /**
     * @param model the provider's name for the model, or the frame's
     * @param usage what is known by now; {@link Usage#NONE} if nothing
     */
    void begin(String model, Usage usage);

    void open(Block block);

    /**
     * More of the open block.
     *
     * @param text not empty; surrogates stand in pairs
     */
    void piece(String text);

    /** Where the text of the open block was found; text blocks only. */
    void cite(Citation citation);

    /** How likely the tokens of the piece before were; text blocks only. */
    void likelihoods(List<TokenLikelihood> tokens);

    /**
     * Closes the open block.
     *
     * @param seal of reasoning; empty for other blocks and for reasoning without one
     */
    void close(Optional<Seal> seal);

    /**
     * @param usage {@link Usage#estimated()} with no tokens if the provider told none
     */
    void end(Stop stop, Usage usage);
}

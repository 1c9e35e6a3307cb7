package dev.pointsman.wire;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Part;
import dev.pointsman.core.TokenLikelihood;
import dev.pointsman.core.Usage;

import java.util.List;

/**
 * A complete answer.
 *
 * @param model the provider's name for the model
 * @param parts text, reasoning, refusals and calls, in order
 * @param citations of the texts; their places count in all the texts joined
 * @param likelihoods of the texts' tokens; empty if not told
 * @param usage an estimate without tokens if the provider told none
 */
record FullAnswer(
        String model,
        List<Part> parts,
        List<Citation> citations,
        List<TokenLikelihood> likelihoods,
        Stop stop,
        Usage usage) {

    FullAnswer {
        parts = List.copyOf(parts);
        citations = List.copyOf(citations);
        likelihoods = List.copyOf(likelihoods);
    }

    /** The answer of a model that says nothing but a text. */
    static FullAnswer of(Answer answer, String model) {
        Part part =
                answer.stop() == Stop.REFUSAL
                        ? new Part.Refusal(answer.text())
                        : new Part.Text(answer.text());
        return new FullAnswer(
                model, List.of(part), List.of(), List.of(), answer.stop(), answer.usage());
    }

    /** Its text alone, that of a refusal included. */
    Answer answer() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Text said -> text.append(said.text());
                case Part.Refusal said -> text.append(said.text());
                default -> {
                    // reasoning and calls are no text
                }
            }
        }
        return new Answer(text.toString(), usage, stop);
    }
}

package dev.pointsman.wire;

import dev.pointsman.core.Answer.Stop;
import dev.pointsman.core.Citation;
import dev.pointsman.core.Part;
import dev.pointsman.core.Seal;
import dev.pointsman.core.TokenLikelihood;
import dev.pointsman.core.Usage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Puts an answer together. Has state; used by one thread at a time. */
final class AnswerGatherer implements BlockSink {

    private final List<Part> parts = new ArrayList<>();
    private final List<Citation> citations = new ArrayList<>();
    private final List<TokenLikelihood> likelihoods = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private @Nullable Block open;
    private String model = "";
    private Stop stop = Stop.OTHER;
    private Usage usage = Usage.NONE.asEstimate();

    @Override
    public void begin(String name, Usage known) {
        model = name;
    }

    @Override
    public void open(Block block) {
        open = block;
        text.setLength(0);
    }

    @Override
    public void piece(String piece) {
        text.append(piece);
    }

    @Override
    public void cite(Citation citation) {
        citations.add(citation);
    }

    @Override
    public void likelihoods(List<TokenLikelihood> tokens) {
        likelihoods.addAll(tokens);
    }

    @Override
    public void close(Optional<Seal> seal) {
        String whole = text.toString();
        parts.add(
                switch (Objects.requireNonNull(open)) {
                    case Block.Text block -> new Part.Text(whole);
                    case Block.Reasoning block -> new Part.Reasoning(whole, seal);
                    case Block.Refusal block -> new Part.Refusal(whole);
                    case Block.Call call ->
                            new Part.ToolCall(
                                    call.id(),
                                    call.tool(),
                                    whole.isEmpty() ? "{}" : whole,
                                    call.seal());
                });
        open = null;
    }

    @Override
    public void end(Stop why, Usage counted) {
        stop = why;
        usage = counted;
    }

    /** What has come. */
    FullAnswer answer() {
        return new FullAnswer(model, parts, citations, likelihoods, stop, usage);
    }
}

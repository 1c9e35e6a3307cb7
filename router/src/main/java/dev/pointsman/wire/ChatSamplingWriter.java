package dev.pointsman.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Sampling;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** Writes how an answer is drawn, but for its limit and its tools. Writes one request. */
final class ChatSamplingWriter {

    private static final int MOST_STOPS = 4;
    private static final int MOST_LIKELY = 20;
    private static final int LONGEST_USER = 64;

    private final ObjectNode body;
    private final ChatDialect dialect;
    private final Set<String> dropped;

    /** OpenAI's reasoning models are not drawn from in any way of the caller's. */
    private final boolean fixed;

    ChatSamplingWriter(ObjectNode body, ChatDialect dialect, Set<String> dropped) {
        this.body = body;
        this.dialect = dialect;
        this.dropped = dropped;
        this.fixed = dialect.reasoner() && dialect.model().cannot(Ability.TEMPERATURE);
    }

    void write(Sampling sampling) {
        number("temperature", sampling.temperature(), dialect.model().cannot(Ability.TEMPERATURE));
        number("top_p", sampling.topP(), fixed);
        if (sampling.topK().isPresent()) {
            dropped.add("top_k");
        }
        number("presence_penalty", sampling.presencePenalty(), fixed);
        number("frequency_penalty", sampling.frequencyPenalty(), fixed);
        sampling.seed()
                .ifPresent(seed -> body.put(dialect.mistral() ? "random_seed" : "seed", seed));
        stops(sampling.stop());
        sampling.likelihoods().ifPresent(this::likelihoods);
        sampling.user().ifPresent(this::user);
    }

    private void number(String name, OptionalDouble value, boolean lacks) {
        if (value.isEmpty()) {
            return;
        }
        if (lacks) {
            dropped.add(name);
        } else {
            body.put(name, value.getAsDouble());
        }
    }

    private void stops(List<String> stop) {
        if (stop.isEmpty()) {
            return;
        }
        if (dialect.reasoner()) {
            dropped.add("stop");
            return;
        }
        if (stop.size() > MOST_STOPS) {
            dropped.add("stop beyond the fourth");
        }
        stop.stream().limit(MOST_STOPS).forEach(body.putArray("stop")::add);
    }

    private void likelihoods(int most) {
        if (fixed || dialect.mistral()) {
            dropped.add("logprobs");
            return;
        }
        body.put("logprobs", true);
        if (most > 0) {
            body.put("top_logprobs", Math.min(most, MOST_LIKELY));
        }
    }

    private void user(String name) {
        if (name.length() > LONGEST_USER || dialect.mistral()) {
            dropped.add("user");
        } else {
            body.put("user", name);
        }
    }
}

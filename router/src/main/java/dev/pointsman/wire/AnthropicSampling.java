package dev.pointsman.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Sampling;

import java.util.List;
import java.util.Set;

/** Writes how an answer is drawn, as far as a model takes it. */
final class AnthropicSampling {

    private static final int LONGEST_USER = 256;
    private static final double LEAST_TOP_P_THINKING = 0.95;

    private AnthropicSampling() {}

    /**
     * @param thinks whether the model thinks, which leaves it less to choose from
     * @param dropped takes the names of what is left out
     */
    static void write(
            ObjectNode body,
            Sampling sampling,
            AnthropicModel model,
            boolean thinks,
            Set<String> dropped) {
        sampling.temperature().ifPresent(value -> temperature(body, value, model, thinks, dropped));
        sampling.topP().ifPresent(value -> topP(body, value, model, thinks, dropped));
        if (sampling.topK().isPresent()) {
            if (model.samples() && !thinks) {
                body.put("top_k", sampling.topK().getAsInt());
            } else {
                dropped.add("top_k");
            }
        }
        stop(body, sampling.stop(), dropped);
        sampling.user().ifPresent(user -> user(body, user, dropped));
        if (sampling.presencePenalty().orElse(0) != 0) {
            dropped.add("presence_penalty");
        }
        if (sampling.frequencyPenalty().orElse(0) != 0) {
            dropped.add("frequency_penalty");
        }
        if (sampling.seed().isPresent()) {
            dropped.add("seed");
        }
        if (sampling.likelihoods().isPresent()) {
            dropped.add("logprobs");
        }
    }

    private static void temperature(
            ObjectNode body,
            double value,
            AnthropicModel model,
            boolean thinks,
            Set<String> dropped) {
        if (!model.samples() || (thinks && value != 1)) {
            dropped.add("temperature");
        } else if (value > 1) {
            body.put("temperature", 1.0);
            dropped.add("temperature above 1");
        } else {
            body.put("temperature", value);
        }
    }

    private static void topP(
            ObjectNode body,
            double value,
            AnthropicModel model,
            boolean thinks,
            Set<String> dropped) {
        if (!model.samples()
                || (thinks && value < LEAST_TOP_P_THINKING)
                || (model.takesOneSampler() && body.has("temperature"))) {
            dropped.add("top_p");
        } else {
            body.put("top_p", value);
        }
    }

    private static void stop(ObjectNode body, List<String> texts, Set<String> dropped) {
        ArrayNode stop = Json.array();
        for (String text : texts) {
            if (text.isBlank()) {
                dropped.add("blank stop");
            } else {
                stop.add(text);
            }
        }
        if (!stop.isEmpty()) {
            body.set("stop_sequences", stop);
        }
    }

    private static void user(ObjectNode body, String user, Set<String> dropped) {
        if (user.length() > LONGEST_USER) {
            dropped.add("user");
        } else {
            body.putObject("metadata").put("user_id", user);
        }
    }
}

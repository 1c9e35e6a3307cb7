package dev.pointsman.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import dev.pointsman.Reply;
import dev.pointsman.core.Attempt;
import dev.pointsman.core.Candidate;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Failure;
import dev.pointsman.core.Money;
import dev.pointsman.core.Rates;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.SessionStep;
import dev.pointsman.core.TokenKind;
import dev.pointsman.core.Usage;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/**
 * Values as JSON. Money is a number of US dollars, exact to the nano-dollar, or the text {@code
 * unknown}.
 */
final class Render {

    private static final ObjectMapper MAPPER =
            new ObjectMapper()
                    .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false)
                    .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);

    private static final ObjectWriter LINE = MAPPER.writer();
    private static final ObjectWriter PRETTY = MAPPER.writerWithDefaultPrettyPrinter();

    private Render() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** On one line. */
    static String line(JsonNode json) {
        return write(LINE, json);
    }

    /** For people. */
    static String pretty(JsonNode json) {
        return write(PRETTY, json);
    }

    static ObjectNode reply(Reply reply) {
        ObjectNode json = object();
        json.put("category", reply.category());
        json.put("model", reply.model());
        json.put("content", reply.content());
        json.put("stop", reply.stop().name().toLowerCase(Locale.ROOT));
        json.set("usage", usage(reply.usage()));
        json.set("cost", cost(reply.cost()));
        json.set("classification_cost", money(reply.classificationCost()));
        json.set("total_cost", money(reply.totalCost()));
        baseline(json, reply.entry());
        json.put("latency_ms", reply.latency().toMillis());
        if (reply.practice()) {
            json.put("practice", true);
        }
        json.set("attempts", attempts(reply.attempts()));
        json.set("decision", decision(reply.decision()));
        return json;
    }

    static void baseline(ObjectNode json, Entry entry) {
        entry.baseline()
                .ifPresent(base -> {
                    json.putObject("baseline")
                            .put("model", base.model())
                            .set("cost", money(base.cost()));
                    json.set("saved", money(entry.saved()));
                });
    }

    static ObjectNode usage(Usage usage) {
        ObjectNode json = object();
        json.put("input", usage.input());
        json.put("output", usage.output());
        json.put("cache_read", usage.cacheRead());
        json.put("cache_write", usage.cacheWrite());
        json.put("reasoning", usage.reasoning());
        EnumSet.complementOf(EnumSet.of(TokenKind.REASONING)).stream()
                .filter(Rates.OTHERS::contains)
                .filter(kind -> usage.tokens(kind) > 0)
                .forEach(kind -> json.put(kind.label(), usage.tokens(kind)));
        if (usage.detail().tier() != ServiceTier.STANDARD) {
            json.put("service", usage.detail().tier().label());
        }
        json.put("estimated", usage.estimated());
        return json;
    }

    static ObjectNode cost(Cost cost) {
        ObjectNode json = object();
        json.set("input", money(cost.input()));
        json.set("output", money(cost.output()));
        json.set("cache_read", money(cost.cacheRead()));
        json.set("cache_write", money(cost.cacheWrite()));
        json.set("total", money(cost.total()));
        if (!cost.priceVersion().isEmpty()) {
            json.put("price_version", cost.priceVersion());
        }
        return json;
    }

    static JsonNode money(Money money) {
        return money.isKnown() ? DecimalNode.valueOf(money.usd()) : TextNode.valueOf("unknown");
    }

    static ArrayNode attempts(List<Attempt> attempts) {
        ArrayNode all = array();
        for (Attempt attempt : attempts) {
            ObjectNode json = all.addObject();
            json.put("purpose", attempt.purpose().name().toLowerCase(Locale.ROOT));
            json.put("model", attempt.model().ref());
            json.put("started_at", attempt.startedAt().toString());
            attempt.firstContent()
                    .ifPresent(first -> json.put("first_content_ms", first.toMillis()));
            json.put("latency_ms", attempt.latency().toMillis());
            json.set("usage", usage(attempt.usage()));
            json.set("cost", money(attempt.cost().total()));
            attempt.failure().ifPresent(failure -> json.set("failure", failure(failure)));
            if (!attempt.leftOut().isEmpty()) {
                attempt.leftOut().forEach(json.putArray("left_out")::add);
            }
        }
        return all;
    }

    static ObjectNode failure(Failure failure) {
        return object().put("kind", failure.kind()).put("message", failure.message());
    }

    static ObjectNode decision(Decision decision) {
        Classification classification = decision.classification();
        ObjectNode json = object();
        json.put("id", decision.id());
        json.put("category", decision.category());
        json.put("confidence", classification.confidence());
        json.put("source", classification.source().label());
        json.put("unsure", classification.unsure());
        classification.evidence().forEach(json.putArray("evidence")::add);
        ArrayNode candidates = json.putArray("candidates");
        for (Candidate candidate : decision.candidates()) {
            ObjectNode one = candidates.addObject().put("model", candidate.model().ref());
            one.set("expected_cost", money(candidate.expectedCost()));
            candidate.notes().forEach(one.putArray("notes")::add);
        }
        ArrayNode rejections = json.putArray("rejections");
        for (Rejection rejection : decision.rejections()) {
            rejections
                    .addObject()
                    .put("model", rejection.model())
                    .put("reason", rejection.reason().name().toLowerCase(Locale.ROOT))
                    .put("message", rejection.message());
        }
        json.put("estimated_input", decision.estimatedInput());
        json.put("expected_output", decision.expectedOutput());
        json.put("policy", decision.policy());
        decision.session().ifPresent(step -> json.set("session", session(step)));
        return json;
    }

    private static ObjectNode session(SessionStep step) {
        ObjectNode json = object().put("step", step.label()).put("message", step.words());
        step.veto()
                .ifPresent(stayed -> {
                    json.put("reason", stayed.reason().label());
                    json.put("vetoed", stayed.vetoed());
                    json.set("extra_cost", money(stayed.extra()));
                    json.set("allowed", money(stayed.allowed()));
                });
        return json;
    }

    private static String write(ObjectWriter writer, JsonNode json) {
        try {
            return writer.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree can always be written", e);
        }
    }
}

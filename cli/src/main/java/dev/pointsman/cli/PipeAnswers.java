package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.Reply;
import dev.pointsman.Router;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Model;
import dev.pointsman.core.Money;
import dev.pointsman.core.RouteException;
import dev.pointsman.core.Usage;

import java.util.Locale;
import java.util.Optional;

/** The lines that pipe writes. */
final class PipeAnswers {

    static final String NO_MODEL = "(none)";

    private PipeAnswers() {}

    static ObjectNode answered(TaskLine line, Reply reply) {
        ObjectNode json =
                head(line, reply.decision())
                        .put("model", reply.model())
                        .put("content", reply.content());
        json.put("stop", reply.stop().name().toLowerCase(Locale.ROOT));
        json.set("usage", Render.usage(reply.usage()));
        json.set("cost", Render.cost(reply.cost()));
        json.set("total_cost", Render.money(reply.totalCost()));
        Render.baseline(json, reply.entry());
        json.put("latency_ms", reply.latency().toMillis());
        if (reply.practice()) {
            json.put("practice", true);
        }
        return json;
    }

    static ObjectNode failed(TaskLine line, RouteException failure, Money cost) {
        ObjectNode json = head(line, failure.decision());
        json.set("total_cost", Render.money(cost));
        ObjectNode error = json.putObject("error").put("message", failure.getMessage());
        failure.failure().ifPresent(last -> error.put("kind", last.kind()));
        error.set("attempts", Render.attempts(failure.attempts()));
        return json;
    }

    static ObjectNode decided(TaskLine line, Decision decision, Money cost) {
        ObjectNode json = head(line, decision).put("dry_run", true);
        decision.model().map(Model::ref).ifPresent(model -> json.put("model", model));
        json.put("estimated_input", decision.estimatedInput());
        json.set("expected_cost", Render.money(cost));
        if (decision.candidates().isEmpty()) {
            json.putObject("error").put("message", "no model can do this task");
        }
        return json;
    }

    /** What the baseline would have cost for these tokens, less the cost. */
    static Money saved(Router router, Usage usage, Money cost) {
        Optional<Model> baseline = router.policy().baselineModel();
        return baseline.map(model -> Cost.estimate(model, usage).total().minus(cost))
                .orElse(Money.UNKNOWN);
    }

    private static ObjectNode head(TaskLine line, Decision decision) {
        return Render.object()
                .put("line", line.line())
                .put("id", line.id())
                .put("category", decision.category())
                .put("confidence", decision.classification().confidence())
                .put("source", decision.classification().source().label())
                .put("decision", decision.id());
    }
}

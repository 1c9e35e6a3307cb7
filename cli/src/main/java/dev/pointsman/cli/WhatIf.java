package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Cost;
import dev.pointsman.core.Model;
import dev.pointsman.core.Money;
import dev.pointsman.ledger.AnsweredUsage;
import dev.pointsman.policy.Nearest;
import dev.pointsman.policy.Policy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the answered requests of a ledger would have cost at another assignment of models: each
 * request's own tokens at the assumed model's price, its tier chosen for that request. Categories
 * without an assumption keep what they cost.
 */
final class WhatIf {

    private final Map<String, Model> assumed = new LinkedHashMap<>();
    private final Map<String, Line> lines = new TreeMap<>();

    private static final class Line {
        private long requests;
        private long unknown;
        private Money was = Money.ZERO;
        private Money wouldBe = Money.ZERO;

        void add(Money paid, Money assumed) {
            requests++;
            if (paid.isKnown() && assumed.isKnown()) {
                was = was.plus(paid);
                wouldBe = wouldBe.plus(assumed);
            } else {
                unknown++;
            }
        }
    }

    /**
     * @param assumptions category to model
     */
    WhatIf(Policy policy, Map<String, String> assumptions) {
        assumptions.forEach((category, model) -> {
            if (!policy.categories().containsKey(category)) {
                throw new UserException(
                        "--assume: the policy has no category \""
                                + category
                                + "\""
                                + Nearest.to(category, policy.categories().keySet())
                                        .map(near -> "; did you mean \"" + near + "\"?")
                                        .orElse(""));
            }
            assumed.put(category, policy.model(model));
        });
    }

    void add(AnsweredUsage request) {
        Money paid = request.cost();
        Model model = assumed.get(request.category());
        Money assumption =
                model == null
                        ? paid
                        : Cost.estimate(model, request.usage())
                                .total()
                                .plus(request.classificationCost());
        lines.computeIfAbsent(request.category(), category -> new Line()).add(paid, assumption);
    }

    String table() {
        Table table =
                new Table(
                        2,
                        "category",
                        "assumed model",
                        "requests",
                        "cost",
                        "would be",
                        "difference");
        lines.forEach((category, line) -> table.row(cells(category, model(category), line)));
        return table.rule().row(cells("total", "", total()))
                + "would be: the same tokens at the assumed model's price of today; another model"
                + " may use more or fewer\n";
    }

    ObjectNode json() {
        ObjectNode json = json(total());
        ArrayNode rows = json.putArray("rows");
        lines.forEach((category, line) ->
                rows.add(
                        Render.object()
                                .put("category", category)
                                .put("assumed", model(category))
                                .setAll(json(line))));
        return json;
    }

    private String model(String category) {
        Model model = assumed.get(category);
        return model == null ? "as it was" : model.ref();
    }

    private Line total() {
        Line total = new Line();
        for (Line line : lines.values()) {
            total.requests += line.requests;
            total.unknown += line.unknown;
            total.was = total.was.plus(line.was);
            total.wouldBe = total.wouldBe.plus(line.wouldBe);
        }
        return total;
    }

    private static String[] cells(String category, String model, Line line) {
        return new String[] {
            category,
            model,
            Figures.count(line.requests),
            Figures.sum(line.was, line.unknown),
            Figures.money(line.wouldBe),
            Figures.money(line.wouldBe.minus(line.was))
        };
    }

    private static ObjectNode json(Line line) {
        ObjectNode json =
                Render.object().put("requests", line.requests).put("unknown", line.unknown);
        json.set("cost", Render.money(line.was));
        json.set("would_be", Render.money(line.wouldBe));
        json.set("difference", Render.money(line.wouldBe.minus(line.was)));
        return json;
    }
}

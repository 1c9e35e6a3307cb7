package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Money;
import dev.pointsman.core.Usage;

import java.util.Map;
import java.util.TreeMap;

/** What a run came to, by category and model. Used by one thread. */
final class PipeSummary {

    private final Map<Key, Group> groups = new TreeMap<>();
    private final Group total = new Group();

    private record Key(String category, String model) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byCategory = category.compareTo(other.category);
            return byCategory != 0 ? byCategory : model.compareTo(other.model);
        }
    }

    private static final class Group {
        private long tasks;
        private long failed;
        private long input;
        private long output;
        private Money cost = Money.ZERO;
        private long unknownCosts;
        private Money saved = Money.ZERO;
        private long unknownSaved;

        void add(Usage usage, Money taskCost, Money taskSaved, boolean answered) {
            tasks++;
            failed += answered ? 0 : 1;
            input += usage.totalInput();
            output += usage.output();
            if (taskCost.isKnown()) {
                cost = cost.plus(taskCost);
            } else {
                unknownCosts++;
            }
            if (taskSaved.isKnown()) {
                saved = saved.plus(taskSaved);
            } else {
                unknownSaved++;
            }
        }
    }

    /**
     * @param model the one that answered; {@code (none)} if none did
     * @param cost of all attempts
     */
    void add(
            String category, String model, Usage usage, Money cost, Money saved, boolean answered) {
        groups.computeIfAbsent(new Key(category, model), key -> new Group())
                .add(usage, cost, saved, answered);
        total.add(usage, cost, saved, answered);
    }

    long tasks() {
        return total.tasks;
    }

    long failed() {
        return total.failed;
    }

    Money cost() {
        return total.cost;
    }

    String table(String baseline) {
        Table table =
                new Table(
                        2,
                        "category",
                        "model",
                        "tasks",
                        "share",
                        "tokens in",
                        "tokens out",
                        "cost",
                        "saved");
        groups.forEach((key, group) -> table.row(cells(key.category, key.model, group)));
        table.rule().row(cells("total", "", total));
        String against =
                baseline.isEmpty() ? "" : "saved: against " + baseline + " for the same tokens\n";
        return table + against;
    }

    ObjectNode json() {
        ObjectNode json = json(total);
        ArrayNode rows = json.putArray("rows");
        groups.forEach((key, group) ->
                rows.add(
                        Render.object()
                                .put("category", key.category)
                                .put("model", key.model)
                                .setAll(json(group))));
        return json;
    }

    private String[] cells(String category, String model, Group group) {
        return new String[] {
            category,
            model,
            Figures.count(group.tasks)
                    + (group.failed > 0 ? " (" + Figures.count(group.failed) + " failed)" : ""),
            Figures.percent(total.tasks == 0 ? 0 : (double) group.tasks / total.tasks),
            Figures.count(group.input),
            Figures.count(group.output),
            Figures.sum(group.cost, group.unknownCosts),
            Figures.sum(group.saved, group.unknownSaved)
        };
    }

    private static ObjectNode json(Group group) {
        ObjectNode json = Render.object().put("tasks", group.tasks).put("failed", group.failed);
        json.put("input_tokens", group.input).put("output_tokens", group.output);
        json.set("cost", Render.money(group.cost));
        json.put("unknown_costs", group.unknownCosts);
        json.set("saved", Render.money(group.saved));
        return json.put("unknown_saved", group.unknownSaved);
    }
}

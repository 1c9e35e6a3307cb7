package dev.pointsman.budget;

import dev.pointsman.core.Money;
import dev.pointsman.core.Task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What may be spent.
 *
 * @param rules every one that a request falls under holds; of one account and period, one that
 *     names the account takes the place of one for each
 * @param unknownPrice what a request to a model of unknown price is taken to cost at most; without
 *     it, such models are not asked under a hard budget
 */
public record BudgetSettings(List<BudgetRule> rules, Optional<Money> unknownPrice) {

    /** No budgets. */
    public static final BudgetSettings NONE = new BudgetSettings(List.of(), Optional.empty());

    public BudgetSettings {
        rules = List.copyOf(rules);
    }

    /**
     * The budgets that the task falls under, at most one an account and period.
     *
     * @param own the limit that was given to the key it is asked with, which is hard and goes
     *     before a rule for that key; empty if it has none
     */
    public List<Budget> of(Task task, Optional<Limit> own) {
        if (rules.isEmpty() && own.isEmpty()) {
            return List.of();
        }
        List<Budget> budgets = new ArrayList<>();
        own.flatMap(limit -> task.key().map(key -> new Budget(Accounts.ofKey(key), limit, true)))
                .ifPresent(budgets::add);
        add(true, task, budgets);
        add(false, task, budgets);
        return budgets;
    }

    /**
     * The rule that holds for an account, the one that names it before one for each.
     *
     * @return empty if there is none for that period
     */
    public Optional<BudgetRule> rule(String account, Period period) {
        return rules.stream()
                .filter(rule -> rule.limit().period() == period)
                .filter(rule -> rule.scope().covers(account))
                .max(Comparator.comparing(rule -> rule.scope().isNamed()));
    }

    private void add(boolean isNamed, Task task, List<Budget> to) {
        for (BudgetRule rule : rules) {
            if (rule.scope().isNamed() == isNamed) {
                rule.scope()
                        .account(task)
                        .map(account -> new Budget(account, rule.limit(), rule.hard()))
                        .filter(budget -> to.stream().noneMatch(other -> isSame(budget, other)))
                        .ifPresent(to::add);
            }
        }
    }

    private static boolean isSame(Budget one, Budget other) {
        return one.account().equals(other.account())
                && one.limit().period() == other.limit().period();
    }
}

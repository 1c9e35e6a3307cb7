package dev.pointsman.budget;

/**
 * A budget as a policy has it, for one account or for each of many.
 *
 * @param hard whether requests are refused when it is spent; else they go to the cheaper models
 */
public record BudgetRule(Scope scope, Limit limit, boolean hard) {

    /** Whether both say what the same accounts may spend in the same period. */
    public boolean isOfTheSame(BudgetRule other) {
        return scope.equals(other.scope) && limit.period() == other.limit.period();
    }
}

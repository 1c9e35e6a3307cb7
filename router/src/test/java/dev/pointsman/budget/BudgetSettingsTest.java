package dev.pointsman.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.pointsman.core.Task;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

class BudgetSettingsTest {

    private static final Task TASK =
            Task.of("x").key("ci").tag("team", "red").tag("job", "night=late");

    @ParameterizedTest
    @ValueSource(strings = {"all", "key", "key:ci", "tag:team", "tag:team=red", "tag:job=a=b"})
    void scope_whatItPrints_isTheSame(String text) {
        assertThat(Scope.of(text).label()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "All", "key:", "keys", "tag", "tag:", "tag:=x", "model:m"})
    void scope_anythingElse_saysWhatThereIs(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scope.of(text))
                .withMessageContaining("tag:NAME=VALUE, not of \"" + text + "\"");
    }

    @Test
    void of_everyRuleThatTheTaskFallsUnder_isABudget() {
        assertThat(
                        budgets(
                                "all 9usd/day",
                                "all 90usd/month",
                                "key 1usd/day",
                                "key:other 1usd/day",
                                "tag:job 1usd/day",
                                "tag:team=blue 1usd/day",
                                "tag:none 1usd/day"))
                .containsExactly(
                        "all 9usd/day",
                        "all 90usd/month",
                        "key:ci 1usd/day",
                        "tag:job=night=late 1usd/day");
    }

    @Test
    void of_aRuleThatNamesTheAccount_goesBeforeOneForEach() {
        assertThat(
                        budgets(
                                "key 1usd/day",
                                "key:ci 5usd/day",
                                "key 20usd/month",
                                "tag:team 1usd/day",
                                "tag:team=red 2usd/day"))
                .containsExactly("key:ci 5usd/day", "tag:team=red 2usd/day", "key:ci 20usd/month");
    }

    @Test
    void of_theKeysOwnLimit_goesBeforeTheRules() {
        BudgetSettings settings = settings("key:ci 5usd/day", "key 1usd/day", "key 9usd/month");

        assertThat(settings.of(TASK, Optional.of(Limit.of("7usd/day"))))
                .extracting(Budget::account, budget -> budget.limit().toString(), Budget::hard)
                .containsExactly(
                        tuple("key:ci", "7usd/day", true), tuple("key:ci", "9usd/month", true));
    }

    @Test
    void of_taskWithoutKeyOrTags_fallsUnderTheWholeOnly() {
        assertThat(
                        settings("all 1usd", "key 1usd", "tag:team 1usd")
                                .of(Task.of("x"), Optional.empty()))
                .extracting(Budget::account)
                .containsExactly("all");
    }

    @Test
    void rule_ofAnAccount_isTheOneThatNamesItBeforeOneForEach() {
        BudgetSettings settings = settings("key 1usd/day", "key:ci 5usd/day", "tag:team 2usd");

        assertThat(settings.rule("key:ci", Period.DAY).orElseThrow().limit())
                .hasToString("5usd/day");
        assertThat(settings.rule("key:x", Period.DAY).orElseThrow().limit())
                .hasToString("1usd/day");
        assertThat(settings.rule("tag:team=red", Period.EVER)).isPresent();
        assertThat(settings.rule("tag:teams=red", Period.EVER)).isEmpty();
        assertThat(settings.rule("key:x", Period.MONTH)).isEmpty();
    }

    private static List<String> budgets(String... rules) {
        return settings(rules).of(TASK, Optional.empty()).stream()
                .map(budget -> budget.account() + " " + budget.limit())
                .toList();
    }

    private static BudgetSettings settings(String... rules) {
        return new BudgetSettings(
                Stream.of(rules)
                        .map(rule -> rule.split(" "))
                        .map(rule -> new BudgetRule(Scope.of(rule[0]), Limit.of(rule[1]), true))
                        .toList(),
                Optional.empty());
    }
}

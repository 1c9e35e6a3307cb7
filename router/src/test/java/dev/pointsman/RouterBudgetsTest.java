package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.budget.BudgetRule;
import dev.pointsman.budget.BudgetSettings;
import dev.pointsman.budget.Budgets;
import dev.pointsman.budget.Limit;
import dev.pointsman.budget.Reservation;
import dev.pointsman.budget.Scope;
import dev.pointsman.core.Money;
import dev.pointsman.policy.Policy;
import dev.pointsman.testing.FakeProvider;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Tasks of the library under budgets. */
class RouterBudgetsTest {

    /** Whoever tries again by {@code route} would else wait for the thread that it waits on. */
    @Test
    void refusedTask_isToldAwayFromTheThreadOfTheBooks() throws Exception {
        BudgetSettings nothing =
                new BudgetSettings(
                        List.of(new BudgetRule(Scope.of("all"), Limit.of("0usd/month"), true)),
                        Optional.of(Limit.amount("1usd")));
        try (FakeProvider provider = FakeProvider.start();
                Refusing books = new Refusing()) {
            Policy policy = TestPolicies.founding(provider).budgets(nothing).build();
            try (Router router = Router.builder().policy(policy).budgets(books).build()) {
                CompletableFuture<Boolean> told =
                        router.routeAsync("hello")
                                .handle((reply, failure) ->
                                        Thread.currentThread().getName().equals("books"));
                books.answer.countDown();
                assertThat(told.get(10, TimeUnit.SECONDS)).isFalse();
            }
        }
    }

    private static final class Refusing implements Budgets, AutoCloseable {
        private final CountDownLatch answer = new CountDownLatch(1);
        private final ExecutorService thread =
                Executors.newSingleThreadExecutor(
                        work -> Thread.ofPlatform().name("books").unstarted(work));

        @Override
        public CompletionStage<Admission> reserve(Reservation reservation) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        awaited(answer);
                        return new Admission.Refused(
                                reservation.budgets().getFirst().exhausted(reservation.at()));
                    },
                    thread);
        }

        private static void awaited(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void settle(String request, Money cost) {}

        @Override
        public void release(String request) {}

        @Override
        public List<Standing> standings() {
            return List.of();
        }

        @Override
        public void close() {
            thread.close();
        }
    }
}

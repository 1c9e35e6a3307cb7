package dev.pointsman.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Candidate;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Classification.Source;
import dev.pointsman.core.Cost;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Model;
import dev.pointsman.core.Money;
import dev.pointsman.core.SessionStep;
import dev.pointsman.core.SessionStep.Reason;
import dev.pointsman.core.Task;
import dev.pointsman.core.Usage;
import dev.pointsman.decide.Decider;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;
import dev.pointsman.policy.SessionSettings;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** When a conversation stays, when it changes its model, and what that may cost. */
class SessionsTest {

    /** A token costs 5,000 nano-dollars at big and 1,000 at small, and a tenth of it when read. */
    private static final Policy POLICY =
            PolicyFile.text(
                            """
                            providers:
                              up: { format: openai-chat, base-url: "http://127.0.0.1:9/v1" }
                              claude: { format: anthropic-messages, base-url: "http://127.0.0.1:9" }
                            models:
                              up/big: { context: 1000000, can: [tools] }
                              up/small: { context: 1000000, can: [tools] }
                              up/short: { context: 4500, can: [] }
                              up/twin: { context: 1000000, can: [] }
                              up/third: { context: 1000000, can: [] }
                              up/unpriced: { context: 1000000, can: [] }
                              claude/own: { context: 1000000, can: [] }
                            prices:
                              up/big: { input: 5, output: 25, cache-read: 0.5 }
                              up/twin: { input: 5, output: 25, cache-read: 0.5 }
                              up/third: { input: 5, output: 25, cache-read: 0.5 }
                              up/small: { input: 1, output: 5, cache-read: 0.1 }
                              up/short: { input: 1, output: 5, cache-read: 0.1 }
                              claude/own: { input: 5, output: 25, cache-read: 0.5, cache-write: 6.25 }
                            categories:
                              big: { models: [up/big, up/third] }
                              small: { models: [up/small] }
                              short: { models: [up/short] }
                              twin: { models: [up/twin] }
                              third: { models: [up/third] }
                              unpriced: { models: [up/unpriced] }
                              claude: { models: [claude/own] }
                            default-category: big
                            rules: []
                            classify: { use: [rules] }
                            """,
                            "sessions.yaml")
                    .environment(name -> Optional.empty())
                    .load();

    private static final Decider DECIDER = new Decider(POLICY, true);
    private static final Task TASK = Task.of("go on");
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private long now;
    private SessionSettings settings = SessionSettings.DEFAULT;
    private final Sessions sessions = new Sessions(() -> now, 7);
    private final SessionKey key = sessions.key("ann").id("one").key();

    /** A request of the conversation, and what was decided of it. */
    private record Asked(SessionTurn turn, Decision decision) {

        SessionStep step() {
            return decision.session().orElseThrow();
        }

        List<String> refs() {
            return decision.candidates().stream().map(one -> one.model().ref()).toList();
        }
    }

    private Asked ask(SessionKey of, String category, Source source, long tokens, boolean tool) {
        Decision free =
                DECIDER.decide(
                        "id",
                        TASK,
                        new Classification(category, 1, source, List.of(), false),
                        tokens);
        SessionTurn turn = sessions.turn(of, tool, settings);
        return new Asked(turn, turn.decided(free, POLICY, DECIDER, TASK, one -> Optional.empty()));
    }

    private Asked ask(String category, long tokens) {
        return ask(key, category, Source.RULE, tokens, false);
    }

    private static void answer(Asked asked, String by, Usage usage) {
        asked.turn().answered(POLICY.deployment(by), usage, asked.decision(), TASK);
    }

    /** A first turn of 10,000 tokens in and 200 out, which costs 55,000,000 nano-dollars at big. */
    private void beginAtBig() {
        answer(ask("big", 10_000), "up/big", Usage.of(10_000, 200));
    }

    @Test
    void firstTurn_ofAConversation_isFree() {
        assertThat(ask("big", 10_000).step()).isEqualTo(new SessionStep.Free());
    }

    @Test
    void routesOwnChoice_whereItIsWarm_stays() {
        beginAtBig();

        assertThat(ask("big", 11_000).step()).isEqualTo(new SessionStep.Agreed());
    }

    @Test
    void change_withinWhatIsAllowed_isMade() {
        beginAtBig();

        Asked asked = ask("small", 11_000);

        // Staying: 1,000 fresh at 5,000 and 10,000 warm at 500, 10,000,000. Small: 11,000 at 1,000.
        // Allowed: 5% of the 55,000,000 so far and those 10,000,000.
        assertThat(asked.step())
                .isEqualTo(
                        new SessionStep.Switched(
                                "up/big", Money.ofNanos(1_000_000), Money.ofNanos(3_250_000)));
        assertThat(asked.refs()).containsExactly("up/small");
    }

    @Test
    void change_beyondWhatIsAllowed_isVetoedAndItsModelComesNext() {
        beginAtBig();
        answer(ask("small", 11_000), "up/small", Usage.of(11_000, 200));

        Asked asked = ask("big", 12_000);

        // Staying at small: 1,000 at 1,000 and 11,000 at 100, 2,100,000. Big has 10,000 warm still:
        // 2,000 at 5,000 and 10,000 at 500, 15,000,000. Never changing has cost 55,000,000 and
        // 10,000,000 and an answer of 200 at 25,000; 1,000,000 is spent.
        assertThat(asked.step())
                .isEqualTo(
                        new SessionStep.Stayed(
                                "up/big",
                                Reason.SWITCH_SPEND,
                                Money.ofNanos(12_900_000),
                                Money.ofNanos(2_605_000)));
        assertThat(asked.refs()).containsExactly("up/small", "up/big", "up/third");
    }

    @Test
    void share_of0_allowsOnlyWhatCostsNothing() {
        settings = new SessionSettings(true, 0, Duration.ofMinutes(5), Duration.ofHours(1));
        beginAtBig();

        assertThat(ask("twin", 11_000).step()).isInstanceOf(SessionStep.Stayed.class);
        // 30,000 fresh tokens and 10,000 warm ones at big are dearer than 40,000 at small.
        assertThat(ask("small", 40_000).step())
                .isEqualTo(new SessionStep.Switched("up/big", Money.ZERO, Money.ZERO));
    }

    @Test
    void share_thatIsLarge_leavesRoutingFree() {
        settings = new SessionSettings(true, 1e9, Duration.ofMinutes(5), Duration.ofHours(1));
        beginAtBig();

        assertThat(ask("twin", 11_000).step()).isInstanceOf(SessionStep.Switched.class);
    }

    @Test
    void promptCache_notReadFor5Minutes_bindsNobody() {
        beginAtBig();
        now += 5 * MINUTE;

        Asked asked = ask("twin", 11_000);

        assertThat(asked.step()).isEqualTo(new SessionStep.Free());
        assertThat(asked.refs()).containsExactly("up/twin");
    }

    @Test
    void prompt_tooShortToBeKept_bindsNobody() {
        answer(ask(key, "big", Source.RULE, 900, true), "up/big", Usage.of(1_023, 10));

        assertThat(ask("twin", 950).step()).isEqualTo(new SessionStep.Free());
    }

    @Test
    void toolLoop_staysWhateverItCosts() {
        settings = new SessionSettings(true, 1e9, Duration.ofMinutes(5), Duration.ofHours(1));
        beginAtBig();
        now += 30 * MINUTE;

        Asked asked = ask(key, "small", Source.RULE, 11_000, true);

        assertThat(asked.step())
                .isInstanceOfSatisfying(
                        SessionStep.Stayed.class,
                        step -> assertThat(step.reason()).isEqualTo(Reason.TOOL_LOOP));
        assertThat(asked.refs()).containsExactly("up/big", "up/small");
    }

    @Test
    void conversation_notHeardOfForAnHour_isForgotten() {
        beginAtBig();
        now += 61 * MINUTE;

        assertThat(ask(key, "small", Source.RULE, 11_000, true).step())
                .isEqualTo(new SessionStep.Free());
    }

    @Test
    void unknownPrice_onEitherSide_stays() {
        beginAtBig();
        SessionStep expected =
                new SessionStep.Stayed(
                        "up/unpriced", Reason.PRICE_UNKNOWN, Money.UNKNOWN, Money.UNKNOWN);
        assertThat(ask("unpriced", 11_000).step()).isEqualTo(expected);

        SessionKey other = sessions.key("ann").id("other").key();
        Asked first = ask(other, "unpriced", Source.RULE, 10_000, false);
        answer(first, "up/unpriced", Usage.of(10_000, 10));
        assertThat(ask(other, "big", Source.RULE, 11_000, false).step())
                .isEqualTo(
                        new SessionStep.Stayed(
                                "up/big", Reason.PRICE_UNKNOWN, Money.UNKNOWN, Money.UNKNOWN));
    }

    @Test
    void anthropic_isWarm_onlyWhereItSaysSo() {
        answer(ask("claude", 10_000), "claude/own", Usage.of(10_000, 10));
        assertThat(ask("twin", 11_000).step()).isEqualTo(new SessionStep.Free());

        answer(ask("claude", 10_000), "claude/own", Usage.of(10, 10).withCache(0, 9_990));
        assertThat(ask("twin", 11_000).step()).isInstanceOf(SessionStep.Stayed.class);
    }

    @Test
    void fallback_thatAnswered_isTheConversationsModel() {
        answer(ask("big", 10_000), "up/third", Usage.of(10_000, 200));

        assertThat(ask("third", 11_000).step()).isEqualTo(new SessionStep.Agreed());
        assertThat(ask("big", 11_000).refs()).containsExactly("up/third", "up/big");
    }

    @Test
    void model_thatCannotDoTheTask_isLeft() {
        answer(ask("short", 3_000), "up/short", Usage.of(3_000, 10));

        Asked asked = ask(key, "big", Source.RULE, 5_000, true);

        assertThat(asked.step()).isEqualTo(new SessionStep.Left("up/short"));
        assertThat(asked.refs()).containsExactly("up/big", "up/third");
    }

    @Test
    void category_thatTheCallerForces_boundsTheChoice() {
        beginAtBig();

        Asked asked = ask(key, "twin", Source.EXPLICIT, 11_000, false);

        assertThat(asked.step()).isEqualTo(new SessionStep.Left("up/big"));
        assertThat(asked.refs()).containsExactly("up/twin");
    }

    @Test
    void twoRequests_atOnce_cannotBothSpendWhatIsLeft() {
        answer(ask("big", 10_000), "up/big", Usage.of(10_000, 200));
        Asked first = ask("small", 12_000);
        Asked second = ask("small", 11_900);
        Asked third = ask("small", 11_000);
        // 12,000 costs 3,000 less at small than 15,000 at big: nothing is spent by the first two.
        assertThat(first.step()).isInstanceOf(SessionStep.Switched.class);
        assertThat(second.step()).isInstanceOf(SessionStep.Switched.class);
        // each of these costs 1,000,000 of 3,250,000
        Asked fourth = ask("small", 11_000);
        Asked fifth = ask("small", 11_000);
        Asked sixth = ask("small", 11_000);
        assertThat(List.of(third, fourth, fifth))
                .allMatch(asked -> asked.step() instanceof SessionStep.Switched);
        assertThat(sixth.step()).isInstanceOf(SessionStep.Stayed.class);

        fourth.turn().over();

        assertThat(ask("small", 11_000).step()).isInstanceOf(SessionStep.Switched.class);
    }

    @Test
    void twoCallers_ofOneSessionId_doNotMeet() {
        beginAtBig();

        SessionKey bobs = sessions.key("bob").id("one").key();

        assertThat(bobs).isNotEqualTo(key);
        assertThat(ask(bobs, "twin", Source.RULE, 11_000, true).step())
                .isEqualTo(new SessionStep.Free());
    }

    @Test
    void keys_ofOtherPieces_differ() {
        byte[] text = "x".repeat(50_000).getBytes(StandardCharsets.UTF_8);
        Map<SessionKey, Integer> seen = new HashMap<>();
        for (int length = 0; length < 20_000; length++) {
            seen.merge(sessions.key("").piece(text, 0, length).key(), 1, Integer::sum);
            seen.merge(sessions.key("").id("a" + length).key(), 1, Integer::sum);
        }
        for (int at = 0; at < 2_000; at++) {
            text[at] ^= 1;
            seen.merge(sessions.key("").piece(text, 0, 30_000).key(), 1, Integer::sum);
        }
        assertThat(seen).hasSize(42_000);
        assertThat(sessions.key("").id("ab").id("c").key())
                .isNotEqualTo(sessions.key("").id("a").id("bc").key());
        assertThat(new Sessions(() -> 0, 8).key("ann").id("one").key()).isNotEqualTo(key);
    }

    @Test
    void memory_ofManyConversations_isBounded() {
        Sessions few = new Sessions(() -> now, 7, 100);
        for (int i = 0; i < 10_000; i++) {
            few.begun(few.key("ann").id("s" + i).key(), settings);
        }
        few.clean();

        assertThat(few.size()).isLessThanOrEqualTo(100);
    }

    /** What a conversation paid, and what it would have without a change. */
    private record Bill(long paid, long never, int changes, int vetoes) {}

    @Test
    void changes_overWholeConversations_neverCostMoreThanTheirShare() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int changes = 0;
        int vetoes = 0;
        for (int i = 0; i < 400; i++) {
            boolean equal = i % 2 == 0;
            Bill bill = converse(random, equal, sessions.key("ann").id("sim" + i).key());
            assertThat((double) bill.paid)
                    .as("seed %d, conversation %d", seed, i)
                    .isLessThanOrEqualTo(1.05 * bill.never + 100);
            changes += bill.changes;
            vetoes += bill.vetoes;
        }
        assertThat(changes).as("changes, seed %d", seed).isGreaterThan(200);
        assertThat(vetoes).as("vetoes, seed %d", seed).isGreaterThan(200);
    }

    /**
     * A conversation whose turns are routed by chance.
     *
     * @param equal whether its models cost the same, so that never changing is to have stayed with
     *     the first; else it is to have stayed, at each turn, with the one before
     */
    private Bill converse(Random random, boolean equal, SessionKey of) {
        List<String> models =
                equal ? List.of("big", "twin", "third") : List.of("big", "small", "twin");
        Map<String, Long> warm = new HashMap<>();
        String last = "";
        long tokens = 2_000 + random.nextInt(30_000);
        long paid = 0;
        long never = 0;
        long before = 0;
        int changes = 0;
        int vetoes = 0;
        for (int turn = 0; turn < 40; turn++) {
            if (random.nextInt(20) == 0) {
                now += 6 * MINUTE;
                warm.clear();
                before = 0;
            }
            now += MINUTE / 60;
            String wanted =
                    turn == 0 || random.nextInt(3) > 0
                            ? models.getFirst()
                            : models.get(random.nextInt(3));
            Asked asked = ask(of, wanted, Source.RULE, tokens, false);
            Model by = asked.decision().model().orElseThrow();
            long output = random.nextInt(800);
            boolean bound = warm.getOrDefault(last, 0L) > 0;
            Usage usage = usage(tokens, output, warm.getOrDefault(by.ref(), 0L));
            // The price of the answer is the route's choice, and no cost of a change.
            Model stays = bound ? POLICY.model(last) : by;
            paid += Cost.estimate(by, usage(tokens, 0, usage.cacheRead())).total().nanos();
            paid += Cost.estimate(stays, Usage.of(0, output)).total().nanos();
            if (equal) {
                never += Cost.estimate(by, usage(tokens, output, before)).total().nanos();
            } else {
                long read = warm.getOrDefault(stays.ref(), 0L);
                never += Cost.estimate(stays, usage(tokens, output, read)).total().nanos();
            }
            answer(asked, by.ref(), usage);
            changes += bound && !by.ref().equals(last) ? 1 : 0;
            vetoes += asked.step() instanceof SessionStep.Stayed ? 1 : 0;
            last = by.ref();
            warm.put(last, tokens);
            before = tokens;
            tokens += 50 + random.nextInt(3_000);
        }
        return new Bill(paid, never, changes, vetoes);
    }

    private static Usage usage(long tokens, long output, long read) {
        return Usage.of(tokens - read, output).withCache(read, 0);
    }

    @Test
    void ranking_withTheModelPutFirst_namesEachModelOnce() {
        answer(ask("big", 10_000), "up/third", Usage.of(10_000, 200));

        Decision decision = ask("big", 10_500).decision();

        assertThat(decision.candidates())
                .extracting(Candidate::model)
                .doesNotHaveDuplicates()
                .hasSize(2);
    }
}

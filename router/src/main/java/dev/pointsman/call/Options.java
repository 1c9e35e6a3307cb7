package dev.pointsman.call;

import dev.pointsman.core.Failure;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.Rejection.Reason;
import dev.pointsman.policy.Deployment;
import dev.pointsman.policy.Pool.Balance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Which candidate of a request is called next: the first that was not called yet and is not shut;
 * then one that may be called again; then, once, one that is shut, since the last one left is never
 * shut. Limits of the policy's own hold in any case. Confined to the request's lane.
 */
final class Options {

    private final List<Option> all;
    private final CallRequest request;
    private final Map<String, Rejection> skipped = new LinkedHashMap<>(0);
    private final Set<String> keysRefused = new HashSet<>(0);
    private boolean forced;

    private Options(List<Option> all, CallRequest request) {
        this.all = all;
        this.request = request;
    }

    static Options of(CallRequest request, Known known, RandomGenerator random) {
        List<Option> all = new ArrayList<>(request.ranking().size());
        for (Deployment deployment : request.ranking()) {
            all.add(
                    new Option(
                            deployment,
                            known.of(deployment, request.rules()),
                            known.upstream(deployment, request.rules().retries())));
        }
        balance(all, random);
        return new Options(all, request);
    }

    /** Puts places of one pool that stand together in the order in which they are tried. */
    private static void balance(List<Option> all, RandomGenerator random) {
        for (int from = 0; from < all.size(); from++) {
            int to = from + 1;
            while (to < all.size()
                    && all.get(from).deployment().besides(all.get(to).deployment())) {
                to++;
            }
            if (to - from > 1) {
                spread(all.subList(from, to), random);
            }
            from = to - 1;
        }
    }

    private static void spread(List<Option> pool, RandomGenerator random) {
        Map<Option, Double> order = new LinkedHashMap<>();
        pool.forEach(option -> order.put(option, turn(option, random)));
        pool.sort(Comparator.comparing(order::get));
    }

    /**
     * The smaller, the earlier. By weight: an exponential variate as in Efraimidis and Spirakis,
     * "Weighted random sampling with a reservoir" (2006), by which each is first in proportion to
     * its weight.
     */
    private static double turn(Option option, RandomGenerator random) {
        Deployment.Place place = option.deployment().place().orElseThrow();
        double chance = -Math.log(1 - random.nextDouble()) / place.weight();
        return place.balance() == Balance.WEIGHTED
                ? chance
                : (option.state().underWay() + Math.min(chance, 0.999)) / place.weight();
    }

    /** A call that may begin. */
    record Pick(Option option, long entry) {}

    /** One that was not called yet. */
    Optional<Pick> untried(long now) {
        for (Option option : all) {
            if (isLeft(option) && mayBegin(option, now)) {
                long entry = option.state().breaker().enter(now);
                if (entry != Breaker.SHUT) {
                    skipped.remove(name(option));
                    return Optional.of(new Pick(option, entry));
                }
                skip(option, Reason.SHUT, shutWords(option, now));
            }
        }
        return Optional.empty();
    }

    /**
     * One whose last failure lets it be called again before the deadline, if its provider has
     * repetitions left; takes one of them.
     */
    Optional<Option> repeatable(long now, long deadline) {
        return all.stream()
                .filter(option -> option.mayRepeat(deadline))
                .filter(option -> option.upstream().retries().repeat(now))
                .findFirst();
    }

    /** That one again, unless it was shut meanwhile. */
    Optional<Pick> again(Option option, long now) {
        if (!mayBegin(option, now)) {
            return Optional.empty();
        }
        long entry = option.state().breaker().enter(now);
        return entry == Breaker.SHUT ? Optional.empty() : Optional.of(new Pick(option, entry));
    }

    /** One that is shut and was not called: it gets one call. */
    Optional<Pick> shut(long now) {
        if (forced) {
            return Optional.empty();
        }
        Optional<Option> soonest =
                all.stream()
                        .filter(this::isLeft)
                        .filter(option -> isWithinOwnLimits(option, now).isEmpty())
                        .min(
                                Comparator.comparingLong(
                                        option -> option.state().breaker().openUntil() - now));
        soonest.ifPresent(option -> {
            forced = true;
            skipped.remove(name(option));
        });
        return soonest.map(option -> new Pick(option, Option.FORCED));
    }

    /** What a failure says of the others. */
    void failed(Option option, Failure failure) {
        if (failure.refusesKey()) {
            keysRefused.add(option.deployment().provider().name());
        }
    }

    private boolean isLeft(Option option) {
        return option.isUntried() && !keysRefused.contains(option.deployment().provider().name());
    }

    /** The first, which has no room: for the failure that says so. */
    Option first() {
        return all.getFirst();
    }

    /** Why the first has no room, by the policy's own limits. */
    String noRoom(long now) {
        return isWithinOwnLimits(first(), now).orElse("no room is left");
    }

    /** Those that were passed over, and why. */
    List<Rejection> skipped() {
        return List.copyOf(skipped.values());
    }

    private boolean mayBegin(Option option, long now) {
        Optional<String> full =
                isWithinOwnLimits(option, now)
                        .or(() -> option.state().quota().spent(now, request.tokens()));
        full.ifPresent(words -> skip(option, Reason.LIMIT_REACHED, words));
        return full.isEmpty();
    }

    private Optional<String> isWithinOwnLimits(Option option, long now) {
        if (option.upstream().underWay().get() >= request.providerLimit()) {
            return Optional.of(
                    request.providerLimit()
                            + " calls to "
                            + option.deployment().provider().name()
                            + " are under way, as many as the policy allows");
        }
        return option.state().quota().full(now, request.tokens());
    }

    private void skip(Option option, Reason reason, String words) {
        skipped.put(name(option), new Rejection(name(option), reason, words));
    }

    private static String shutWords(Option option, long now) {
        long left = option.state().breaker().openFor(now);
        return "it failed too often and is left alone for "
                + Math.max(1, TimeUnit.NANOSECONDS.toSeconds(left))
                + " s more";
    }

    private static String name(Option option) {
        return option.deployment().model().ref();
    }
}

package dev.pointsman.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/** When a simulated provider is in trouble. Troubles do not overlap; times since the beginning. */
final class Weather {

    private record Spell(long from, long to, Trouble trouble) {}

    private final List<Spell> spells;

    private Weather(List<Spell> spells) {
        this.spells = spells;
    }

    /**
     * Every trouble in turn, in any order, until that time; between them the provider is well for
     * about the mean time, and at least a quarter of it.
     */
    static Weather random(
            RandomGenerator random, Duration until, Duration meanWell, Duration meanIll) {
        List<Spell> spells = new ArrayList<>();
        List<Trouble> turn = new ArrayList<>();
        long time = 0;
        while (true) {
            if (turn.isEmpty()) {
                turn.addAll(EnumSet.allOf(Trouble.class));
                Collections.shuffle(turn, Random.from(random));
            }
            long from = time + some(random, meanWell);
            time = from + some(random, meanIll);
            if (time > until.toNanos()) {
                return new Weather(spells);
            }
            spells.add(new Spell(from, time, turn.removeLast()));
        }
    }

    private static long some(RandomGenerator random, Duration mean) {
        return (long) (mean.toNanos() * (0.25 + 0.75 * random.nextExponential()));
    }

    /** The same, but in that trouble for that time whatever else was to be. */
    Weather with(Duration from, Duration to, Trouble trouble) {
        List<Spell> others = new ArrayList<>(spells);
        others.removeIf(spell -> spell.from() < to.toNanos() && spell.to() > from.toNanos());
        others.add(new Spell(from.toNanos(), to.toNanos(), trouble));
        return new Weather(others);
    }

    Optional<Trouble> at(long time) {
        return spells.stream()
                .filter(spell -> spell.from() <= time && time < spell.to())
                .map(Spell::trouble)
                .findFirst();
    }

    /** Whether it is well all that time, and was for so long before. */
    boolean calm(long from, long to, Duration before) {
        return spells.stream()
                .noneMatch(spell -> spell.from() <= to && from - before.toNanos() < spell.to());
    }

    int spells() {
        return spells.size();
    }
}

package dev.pointsman.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Which faults a provider plays with the calls that name none as their model. Immutable.
 *
 * @param shares how many of the calls meet each fault, from 0 to 1, at most 1 together; the rest is
 *     answered
 * @param script what the calls meet in turn, over and over; empty if they meet it by chance
 * @param seed begins the chance, so that the same calls one after another meet the same faults
 */
public record Faults(Map<Fault, Double> shares, List<Fault> script, OptionalLong seed) {

    public Faults {
        Map<Fault, Double> ordered = new EnumMap<>(Fault.class);
        ordered.putAll(shares);
        shares = Collections.unmodifiableMap(ordered);
        script = List.copyOf(script);
    }

    /** Faults only for calls that name one. */
    public static Faults byName() {
        return new Faults(Map.of(), List.of(), OptionalLong.empty());
    }

    /** These in turn, over and over. */
    public static Faults script(Fault... inTurn) {
        return new Faults(Map.of(), List.of(inTurn), OptionalLong.empty());
    }

    /** The same with that fault for a share of the calls, from 0 to 1. */
    public Faults share(Fault fault, double share) {
        Map<Fault, Double> more = new EnumMap<>(Fault.class);
        more.putAll(shares);
        more.put(fault, share);
        return new Faults(more, script, seed);
    }

    /** The same with chance that begins at that seed. */
    public Faults seed(long number) {
        return new Faults(shares, script, OptionalLong.of(number));
    }

    /** The faults that a policy file can give a share: all but {@link Fault#OK}, the rest. */
    static List<Fault> shared() {
        List<Fault> faults = new ArrayList<>(List.of(Fault.values()));
        faults.remove(Fault.OK);
        return List.copyOf(faults);
    }
}

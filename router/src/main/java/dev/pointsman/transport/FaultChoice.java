package dev.pointsman.transport;

import dev.pointsman.policy.Fault;
import dev.pointsman.policy.Faults;

import java.util.Map;
import java.util.random.RandomGenerator;

/** Which fault each call of one provider meets. Thread-safe. */
final class FaultChoice {

    private final Faults faults;
    private final RandomGenerator random;
    private int turn;

    /**
     * @param random is used by this alone
     */
    FaultChoice(Faults faults, RandomGenerator random) {
        this.faults = faults;
        this.random = random;
    }

    Faults faults() {
        return faults;
    }

    /** The fault that the model's name asks for; else the next of the script, or one by chance. */
    Fault of(String model) {
        return Fault.of(model).orElseGet(this::next);
    }

    private synchronized Fault next() {
        if (!faults.script().isEmpty()) {
            Fault next = faults.script().get(turn);
            turn = (turn + 1) % faults.script().size();
            return next;
        }
        double left = random.nextDouble();
        for (Map.Entry<Fault, Double> one : faults.shares().entrySet()) {
            left -= one.getValue();
            if (left < 0) {
                return one.getKey();
            }
        }
        return Fault.OK;
    }
}

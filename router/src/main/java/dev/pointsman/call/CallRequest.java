package dev.pointsman.call;

import dev.pointsman.core.Attempt.Purpose;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.AttemptRules;
import dev.pointsman.policy.Deployment;

import java.util.List;

/**
 * What is to be called.
 *
 * @param purpose what for
 * @param asking what to ask, and where the answer goes
 * @param ranking the models, best first; at least one
 * @param limits how often and how long
 * @param rules how failures and slowness are met
 * @param providerLimit how many calls to one provider may be under way; beyond, the next model's
 *     turn comes
 * @param estimatedInput the task's size in tokens
 * @param expectedOutput the answer's expected size in tokens
 */
public record CallRequest(
        Purpose purpose,
        Asking asking,
        List<Deployment> ranking,
        AttemptLimits limits,
        AttemptRules rules,
        int providerLimit,
        long estimatedInput,
        long expectedOutput) {

    /** The size of a call in tokens, input and output, by estimate. */
    long tokens() {
        return estimatedInput + expectedOutput;
    }

    /** The same, asked so. */
    CallRequest asking(Asking other) {
        return new CallRequest(
                purpose,
                other,
                ranking,
                limits,
                rules,
                providerLimit,
                estimatedInput,
                expectedOutput);
    }
}

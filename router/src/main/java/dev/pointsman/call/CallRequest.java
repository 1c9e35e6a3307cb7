package dev.pointsman.call;

import dev.pointsman.core.Attempt.Purpose;
import dev.pointsman.core.Task;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.Deployment;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is to be called.
 *
 * @param purpose what for
 * @param task what to ask
 * @param ranking the models, best first; at least one
 * @param limits how often and how long
 * @param onText where the pieces of a streamed answer go; empty if the answer is wanted whole
 * @param estimatedInput the task's size in tokens
 * @param expectedOutput the answer's expected size in tokens
 */
public record CallRequest(
        Purpose purpose,
        Task task,
        List<Deployment> ranking,
        AttemptLimits limits,
        Optional<Consumer<String>> onText,
        long estimatedInput,
        long expectedOutput) {}

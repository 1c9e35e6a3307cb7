package dev.pointsman.call;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Attempt;

import java.util.Optional;

/**
 * How one attempt ended.
 *
 * @param attempt what it cost and, if it failed, why
 * @param answer the answer if it succeeded
 * @param repeatable whether the provider leaves it open to repeat the call
 * @param bare whether the provider refused the sealed reasoning of others, and can be asked without
 */
record AttemptOutcome(Attempt attempt, Optional<Answer> answer, boolean repeatable, boolean bare) {}

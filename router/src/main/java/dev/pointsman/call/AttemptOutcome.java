package dev.pointsman.call;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Attempt;

import java.util.Optional;

/**
 * How one attempt ended.
 *
 * @param attempt what it cost and, if it failed, why
 * @param answer the answer if it succeeded
 * @param committed whether content of it has already gone to the caller
 */
record AttemptOutcome(Attempt attempt, Optional<Answer> answer, boolean committed) {}

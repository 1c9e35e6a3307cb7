package dev.pointsman.call;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Attempt;
import dev.pointsman.core.Rejection;

import java.util.List;
import java.util.Optional;

/**
 * What became of a request.
 *
 * @param attempts every call, in the order in which they ended: the one that answered is last
 * @param answer the last one's answer; empty if it failed
 * @param skipped candidates that were passed over because they are left alone or at their limits
 */
public record CallResult(
        List<Attempt> attempts, Optional<Answer> answer, List<Rejection> skipped) {}

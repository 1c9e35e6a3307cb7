package dev.pointsman.call;

import dev.pointsman.core.Answer;
import dev.pointsman.core.Attempt;

import java.util.List;
import java.util.Optional;

/**
 * What became of a request.
 *
 * @param attempts every call, in order
 * @param answer the last one's answer; empty if it failed
 */
public record CallResult(List<Attempt> attempts, Optional<Answer> answer) {}

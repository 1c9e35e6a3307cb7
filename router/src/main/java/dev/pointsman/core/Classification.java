package dev.pointsman.core;

import java.util.List;
import java.util.Locale;

/**
 * Which category a task belongs to, and how that is known.
 *
 * @param category the category's name in the policy
 * @param confidence from 0 (a guess) to 1 (certain)
 * @param source what decided
 * @param evidence in words, for {@code explain} only: it may quote the task and so never goes to
 *     ledger, logs or headers
 * @param unsure whether nothing was sure and this is only the best there is
 */
public record Classification(
        String category, double confidence, Source source, List<String> evidence, boolean unsure) {

    /** What decided on a category. */
    public enum Source {
        /** The caller said so. */
        EXPLICIT,
        /** The caller named a model, and so nothing was classified. */
        NAMED,
        /** A rule of the policy. */
        RULE,
        /** The classifier on this machine: the built-in model, or the policy's own examples. */
        LOCAL,
        /** A model was asked. */
        TRIAGE,
        /** Nothing was sure: the policy's default category. */
        DEFAULT;

        /** The name in reports and JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The category's name in reports of what went to a model that its caller named. */
    public static final String NO_CATEGORY = "named";

    public Classification {
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("A confidence is from 0 to 1, not " + confidence);
        }
        evidence = List.copyOf(evidence);
    }
}

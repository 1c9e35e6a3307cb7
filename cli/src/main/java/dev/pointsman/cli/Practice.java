package dev.pointsman.cli;

/** What is said wherever the practice provider answered. */
final class Practice {

    static final String NOTE =
            "practice: no provider key is set, so the answer is a placeholder; the decision is"
                    + " real, the cost an estimate. Set ANTHROPIC_API_KEY, OPENAI_API_KEY or"
                    + " GEMINI_API_KEY to call a model.";

    static final String FAULTS =
            "practice: only providers that play faults were asked, so no model was called and"
                    + " nothing paid.";

    private Practice() {}

    /**
     * What is said of an answer that no model gave.
     *
     * @param router whether the router calls nobody at all
     */
    static String note(boolean router) {
        return router ? NOTE : FAULTS;
    }
}

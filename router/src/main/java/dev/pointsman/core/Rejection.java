package dev.pointsman.core;

/**
 * A model of the category that was not taken.
 *
 * @param model its name, {@code provider/id}
 * @param reason why, as a value
 * @param message why, in words for a person; says what to do where something can be done
 */
public record Rejection(String model, Reason reason, String message) {

    /** Why a model was not taken. */
    public enum Reason {
        /** The provider's key is not set. */
        NO_KEY,
        /** The task has images and the model takes none. */
        NO_VISION,
        /** The task has documents and the model takes none. */
        NO_DOCUMENTS,
        /** The task offers tools and the model calls none. */
        NO_TOOLS,
        /** The provider does not speak the caller's format, and what is asked has no other. */
        OTHER_FORMAT,
        /** The request says something that the provider's format cannot. */
        UNTRANSLATABLE,
        /** A response schema was asked for, and the model cannot be held to one. */
        NO_STRUCTURED_OUTPUT,
        /** The model does not answer in text. */
        NO_TEXT_OUTPUT,
        /** The task does not fit the model's context or input limit. */
        CONTEXT_TOO_SMALL,
        /** Nobody knows what it costs, and there is a hard budget. */
        PRICE_UNKNOWN,
        /** A hard budget is spent. */
        BUDGET_SPENT,
        /** It failed too often and is left alone for a while. */
        SHUT,
        /** It has as many calls, requests or tokens as its limits allow. */
        LIMIT_REACHED,
        /** The caller's key is not for this model, or not for the task's category. */
        NOT_ALLOWED
    }
}

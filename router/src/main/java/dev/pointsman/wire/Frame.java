package dev.pointsman.wire;

/**
 * What an answer says beside its content.
 *
 * @param id names it; formats put their own prefix before it
 * @param model the name to give where the provider told none
 * @param created seconds since 1970
 * @param estimatedInput the request's size in tokens, said where a format wants input tokens before
 *     the provider has counted them
 * @param withUsage whether a chat stream ends with a chunk of usage
 */
public record Frame(String id, String model, long created, long estimatedInput, boolean withUsage) {

    /** That of an answer which no model gave. */
    static Frame practice(String model) {
        return new Frame("pointsman", model, 0, 0, true);
    }
}

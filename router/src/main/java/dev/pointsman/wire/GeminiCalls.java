package dev.pointsman.wire;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Which call a response of a Gemini conversation answers: the one of its id, or else the first open
 * one of its name, or else the first open one. Has state; used for one conversation.
 */
final class GeminiCalls {

    private record Call(String id, String name) {}

    private final List<Call> open = new ArrayList<>();

    /** The model speaks again: what is still open will not be answered without its id. */
    void newTurn() {
        open.clear();
    }

    void add(String id, String name) {
        open.add(new Call(id, name));
    }

    /**
     * @param id empty if the response has none
     * @param otherwise the id if there is no open call and the response has none
     */
    String answered(String id, String name, String otherwise) {
        for (Iterator<Call> calls = open.iterator(); calls.hasNext(); ) {
            if (calls.next().id().equals(id)) {
                calls.remove();
                return id;
            }
        }
        for (Iterator<Call> calls = open.iterator(); calls.hasNext(); ) {
            Call call = calls.next();
            if (call.name().equals(name)) {
                calls.remove();
                return call.id();
            }
        }
        if (!id.isEmpty()) {
            return id;
        }
        return open.isEmpty() ? otherwise : open.removeFirst().id();
    }
}

package dev.pointsman.core;

import java.util.ArrayList;
import java.util.List;

/**
 * One turn of a conversation.
 *
 * @param role who speaks
 * @param parts what is said, in order; at least one
 */
public record Message(Role role, List<Part> parts) {

    /** Who speaks. */
    public enum Role {
        /** Instructions of who runs the model. */
        SYSTEM,
        /** Instructions of who built on it, where a format tells the two apart. */
        DEVELOPER,
        USER,
        ASSISTANT
    }

    public Message {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("A message has at least one part");
        }
    }

    public static Message user(String text) {
        return new Message(Role.USER, List.of(new Part.Text(text)));
    }

    public static Message assistant(String text) {
        return new Message(Role.ASSISTANT, List.of(new Part.Text(text)));
    }

    /** The same message with an image after its other parts. */
    public Message with(Image image) {
        List<Part> more = new ArrayList<>(parts);
        more.add(new Part.Picture(image));
        return new Message(role, more);
    }

    /** All its text, pieces joined by line breaks. */
    public String text() {
        if (parts.size() == 1 && parts.getFirst() instanceof Part.Text only) {
            return only.text();
        }
        StringBuilder joined = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Text text) {
                joined.append(joined.isEmpty() ? "" : "\n").append(text.text());
            }
        }
        return joined.toString();
    }

    public int images() {
        int images = 0;
        for (Part part : parts) {
            if (part instanceof Part.Picture) {
                images++;
            }
        }
        return images;
    }
}

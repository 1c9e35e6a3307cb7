package dev.pointsman.classify;

import dev.pointsman.core.Message;
import dev.pointsman.core.Task;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a user wants, out of all that a task holds: the last turn that says something, a short
 * instruction that stands before the conversation, and neither what agent harnesses put around them
 * nor the results of tools. So a conversation keeps its category while tools are called.
 */
final class Intent {

    /** A system text longer than this is a harness's, and says nothing of this one task. */
    private static final int LONGEST_SYSTEM = 1_500;

    /** A turn shorter than this leans on the one before. */
    private static final int LEANS = 24;

    private static final Set<String> GO_ON =
            Set.of(
                    "continue",
                    "go on",
                    "go ahead",
                    "yes",
                    "yes please",
                    "y",
                    "ok",
                    "okay",
                    "sure",
                    "proceed",
                    "do it",
                    "try again",
                    "again",
                    "retry",
                    "keep going",
                    "next",
                    "more",
                    "please continue",
                    "please do",
                    "weiter",
                    "ja",
                    "oui",
                    "si",
                    "sí",
                    "вперед",
                    "继续");

    private Intent() {}

    /** The text to classify; never empty, since a task's last turn is not. */
    static String of(Task task) {
        String turn = turn(task.messages());
        String system = task.system().orElse("");
        if (system.isBlank() || system.length() > LONGEST_SYSTEM) {
            return turn;
        }
        return system.strip() + "\n\n" + turn;
    }

    private static String turn(List<Message> messages) {
        String leaning = "";
        for (int i = messages.size() - 1; i >= 0; i--) {
            Message message = messages.get(i);
            if (message.role() != Message.Role.USER) {
                continue;
            }
            String said = Boilerplate.strippedFrom(message.text());
            if (said.isBlank()) {
                continue;
            }
            if (!goesOn(said)) {
                return said;
            }
            leaning = leaning.isEmpty() ? said : leaning;
        }
        return leaning.isEmpty() ? messages.getLast().text() : leaning;
    }

    private static boolean goesOn(String text) {
        String plain = text.strip();
        return plain.length() <= LEANS
                && GO_ON.contains(plain.toLowerCase(Locale.ROOT).replaceAll("[.!,]+$", ""));
    }
}

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

    /** Blocks in tags with these names are not the user's words. */
    private static final Set<String> BOILERPLATE =
            Set.of(
                    "system-reminder",
                    "system_reminder",
                    "environment_context",
                    "environment_details",
                    "environment-details",
                    "user_instructions",
                    "user_info",
                    "instructions",
                    "project_layout",
                    "tool_result",
                    "tool_results",
                    "tool_response",
                    "tool_output",
                    "function_results",
                    "function_result",
                    "local-command-stdout",
                    "local-command-stderr",
                    "local-command-caveat",
                    "command-name",
                    "command-message",
                    "bash-stdout",
                    "bash-stderr",
                    "persisted-output",
                    "ide_opened_file",
                    "ide_selection",
                    "open_and_recently_viewed_files",
                    "attached_files",
                    "file_contents",
                    "file_content",
                    "file",
                    "files",
                    "additional_data",
                    "permissions",
                    "collaboration_mode",
                    "turn_aborted");

    private static final int LONGEST_TAG =
            BOILERPLATE.stream().mapToInt(String::length).max().orElse(0);

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
            String said = withoutBoilerplate(message.text());
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
        if (text.length() > LEANS) {
            return false;
        }
        String plain = text.strip().toLowerCase(Locale.ROOT).replaceAll("[.!,]+$", "");
        return GO_ON.contains(plain);
    }

    /** The text without blocks whose tags name what is not the user's. */
    static String withoutBoilerplate(String text) {
        int open = text.indexOf('<');
        if (open < 0) {
            return text;
        }
        StringBuilder kept = null;
        int from = 0;
        while (open >= 0) {
            String tag = tag(text, open + 1);
            int close = tag.isEmpty() ? -1 : text.indexOf("</" + tag, open);
            if (close < 0) {
                open = text.indexOf('<', open + 1);
                continue;
            }
            kept = kept == null ? new StringBuilder(text.length()) : kept;
            kept.append(text, from, open);
            int end = text.indexOf('>', close);
            from = end < 0 ? text.length() : end + 1;
            open = text.indexOf('<', from);
        }
        return kept == null ? text : kept.append(text, from, text.length()).toString();
    }

    /** The name at that place if it is one of boilerplate, in the case it has there; else empty. */
    private static String tag(String text, int from) {
        int end = from;
        while (end < text.length() && end - from <= LONGEST_TAG && isNamePart(text.charAt(end))) {
            end++;
        }
        if (end == from || end == text.length() || !endsName(text.charAt(end))) {
            return "";
        }
        String name = text.substring(from, end);
        return BOILERPLATE.contains(name.toLowerCase(Locale.ROOT)) ? name : "";
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_';
    }

    private static boolean endsName(char c) {
        return c == '>' || c == ' ' || c == '\n';
    }
}

package dev.pointsman.classify;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What agent harnesses put around a user's words, in tags: reminders, environments, files, results
 * of tools.
 */
final class Boilerplate {

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
                    "additional_data",
                    "collaboration_mode",
                    "turn_aborted");

    private static final int LONGEST_TAG =
            BOILERPLATE.stream().mapToInt(String::length).max().orElse(0);

    private Boilerplate() {}

    /**
     * The text without blocks whose tags name what is not the user's; in one pass, however many
     * tags there are and whether or not they are closed.
     */
    static String strippedFrom(String text) {
        int at = text.indexOf('<');
        if (at < 0) {
            return text;
        }
        Blocks blocks = new Blocks();
        while (at >= 0) {
            boolean closes = at + 1 < text.length() && text.charAt(at + 1) == '/';
            int from = closes ? at + 2 : at + 1;
            int end = nameEnd(text, from);
            String name = name(text, from, end, closes);
            if (!name.isEmpty()) {
                end = tagEnd(text, end);
                if (closes) {
                    blocks.close(name, end);
                } else if (!text.startsWith("/>", end - 2)) {
                    blocks.open(name, at);
                }
            }
            at = text.indexOf('<', end);
        }
        return blocks.cutFrom(text);
    }

    private static int nameEnd(String text, int from) {
        int end = from;
        while (end < text.length() && end - from <= LONGEST_TAG && isNamePart(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** The name there if it is one of boilerplate, in lower case; else empty. */
    private static String name(String text, int from, int end, boolean closes) {
        boolean ends = end == text.length() ? closes : endsName(text.charAt(end));
        String name = ends ? text.substring(from, end).toLowerCase(Locale.ROOT) : "";
        return BOILERPLATE.contains(name) ? name : "";
    }

    /** Behind the tag's end, or where the next begins if it has none. */
    private static int tagEnd(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) != '<') {
            if (text.charAt(end++) == '>') {
                break;
            }
        }
        return end;
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_';
    }

    private static boolean endsName(char c) {
        return c == '>' || Character.isWhitespace(c);
    }

    /** The blocks of a text, as their tags are met. */
    private static final class Blocks {

        private record Open(String name, int at) {}

        private record Cut(int from, int to) {}

        private final Deque<Open> open = new ArrayDeque<>();
        private final Map<String, Integer> opened = new HashMap<>();
        private final Deque<Cut> cuts = new ArrayDeque<>();

        void open(String name, int at) {
            open.push(new Open(name, at));
            opened.merge(name, 1, Integer::sum);
        }

        /** Closes the last block of that name; what was opened in it and never closed is in it. */
        void close(String name, int to) {
            if (opened.getOrDefault(name, 0) == 0) {
                return;
            }
            Open last;
            do {
                last = open.pop();
                opened.merge(last.name(), -1, Integer::sum);
            } while (!last.name().equals(name));
            while (!cuts.isEmpty() && cuts.peekLast().from() > last.at()) {
                cuts.removeLast();
            }
            cuts.addLast(new Cut(last.at(), to));
        }

        String cutFrom(String text) {
            if (cuts.isEmpty()) {
                return text;
            }
            StringBuilder kept = new StringBuilder(text.length());
            int from = 0;
            for (Cut cut : cuts) {
                kept.append(text, from, cut.from());
                from = cut.to();
            }
            return kept.append(text, from, text.length()).toString();
        }
    }
}

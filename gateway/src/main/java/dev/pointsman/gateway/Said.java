package dev.pointsman.gateway;

import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Part;
import dev.pointsman.core.Task;
import dev.pointsman.core.Tokens;
import dev.pointsman.wire.Peek;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes a task of what a caller sent. */
final class Said {

    static final String CATEGORY = "x-pointsman-category";

    private static final CharSequence CATEGORY_NAME = HttpHeaders.createOptimized(CATEGORY);
    private static final CharSequence CALLER_NAME =
            HttpHeaders.createOptimized("x-pointsman-caller");
    private static final CharSequence TAG_NAME = HttpHeaders.createOptimized("x-pointsman-tag");

    /** So many of the last turns are looked at to find out what is wanted. */
    private static final int LAST_TURNS = 12;

    private static final int BYTES_PER_TOKEN = 4;

    private static final Part TOOL_RESULT = new Part.ToolResult("", List.of(), false);

    private static final Task UNREAD = Task.of(List.of(Message.user("")));

    private Said() {}

    /**
     * @param holder the name of the key that the caller showed; blank without one
     * @param whole whether every turn is needed, to be stored
     * @param classified whether its category is to be found, so that texts are needed
     * @param category the category that the model's name forces; empty if it forces none
     */
    static Task task(
            Peek peek,
            MultiMap headers,
            String holder,
            boolean whole,
            boolean classified,
            Optional<String> category) {
        boolean texts = whole || classified;
        Task task = (texts ? Task.of(messages(peek, whole)) : UNREAD).needs(needs(peek));
        String system = texts ? peek.system(whole) : "";
        if (!system.isBlank()) {
            task = task.system(system);
        }
        if (!whole) {
            task = task.sketch(peek.sketch());
        }
        if (peek.maxTokens().isPresent()) {
            task = task.maxTokens(peek.maxTokens().getAsInt());
        }
        Optional<String> forced =
                category.or(() -> Optional.ofNullable(headers.get(CATEGORY_NAME)))
                        .filter(name -> !name.isBlank());
        if (forced.isPresent()) {
            task = task.category(forced.get());
        }
        String caller = headers.get(CALLER_NAME);
        if (caller != null) {
            task = task.caller(caller);
        }
        if (!holder.isEmpty()) {
            task = task.key(holder);
        }
        Optional<String> session = SessionKeys.id(peek, headers);
        if (session.isPresent()) {
            task = task.session(session.get());
        }
        return headers.contains(TAG_NAME) ? tagged(task, headers.getAll(TAG_NAME)) : task;
    }

    /** The size of a request in tokens, tools and settings included, by its length. */
    static long tokens(Peek peek) {
        return Math.max(1, peek.textLength() / BYTES_PER_TOKEN) + peek.images() * Tokens.PER_IMAGE;
    }

    private static Task tagged(Task task, List<String> headers) {
        Task tagged = task;
        for (String header : headers) {
            for (String tag : header.split(",")) {
                int equals = tag.indexOf('=');
                String key = (equals < 0 ? tag : tag.substring(0, equals)).strip();
                if (!key.isEmpty()) {
                    tagged = tagged.tag(key, equals < 0 ? "" : tag.substring(equals + 1).strip());
                }
            }
        }
        return tagged;
    }

    private static Set<Ability> needs(Peek peek) {
        Set<Ability> needs = EnumSet.noneOf(Ability.class);
        if (peek.images() > 0) {
            needs.add(Ability.IMAGE_INPUT);
        }
        if (peek.documents() > 0) {
            needs.add(Ability.PDF_INPUT);
        }
        if (peek.tools()) {
            needs.add(Ability.TOOLS);
        }
        if (peek.schema()) {
            needs.add(Ability.STRUCTURED_OUTPUT);
        }
        return needs;
    }

    private static List<Message> messages(Peek peek, boolean whole) {
        List<Message> messages = new ArrayList<>();
        int from = whole ? 0 : Math.max(0, peek.turns() - LAST_TURNS);
        for (int turn = from; turn < peek.turns(); turn++) {
            boolean assistant = peek.byAssistant(turn);
            if (whole || !assistant) {
                messages.add(
                        new Message(
                                assistant ? Role.ASSISTANT : Role.USER,
                                List.of(new Part.Text(peek.text(turn, whole)))));
            }
        }
        if (messages.isEmpty() || messages.getLast().role() != Role.USER) {
            messages.add(Message.user(""));
        }
        if (peek.answersTool()) {
            messages.add(withToolResult(messages.removeLast()));
        }
        return messages;
    }

    /** What a tool gave says nothing of what is wanted; that it did counts. */
    private static Message withToolResult(Message last) {
        List<Part> parts = new ArrayList<>(last.parts());
        parts.add(TOOL_RESULT);
        return new Message(last.role(), parts);
    }
}

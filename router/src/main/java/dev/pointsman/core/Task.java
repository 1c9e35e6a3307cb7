package dev.pointsman.core;

import dev.pointsman.core.Model.Ability;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Something to be answered: a conversation that ends with the user's turn, and what the caller says
 * about it. Immutable; each method with an argument returns a changed copy.
 *
 * <pre>{@code
 * Task.of("Review this auth module for security issues: ...").category("reasoning").maxTokens(2048).tag("job", "nightly");
 * }</pre>
 */
public final class Task {

    /** How many tokens an answer may have unless the task says otherwise. */
    public static final int DEFAULT_MAX_TOKENS = 4096;

    private final List<Message> messages;
    private final @Nullable String system;
    private final @Nullable String category;
    private final @Nullable String caller;
    private final @Nullable String key;
    private final @Nullable String session;
    private final Map<String, String> tags;
    private final int maxTokens;
    private final @Nullable Double temperature;
    private final List<String> stop;
    private final @Nullable String responseSchema;
    private final boolean leastReasoning;
    private final Set<Ability> needs;
    private final @Nullable String sketch;

    private Task(Draft draft) {
        this.messages = draft.messages;
        this.system = draft.system;
        this.category = draft.category;
        this.caller = draft.caller;
        this.key = draft.key;
        this.session = draft.session;
        this.tags = draft.tags;
        this.maxTokens = draft.maxTokens;
        this.temperature = draft.temperature;
        this.stop = draft.stop;
        this.responseSchema = draft.responseSchema;
        this.leastReasoning = draft.leastReasoning;
        this.needs = draft.needs;
        this.sketch = draft.sketch;
    }

    /**
     * A task of one user turn.
     *
     * @throws IllegalArgumentException if the prompt is blank
     */
    public static Task of(String prompt) {
        if (prompt.isBlank()) {
            throw new IllegalArgumentException("A task needs a prompt, and this one is blank");
        }
        return of(List.of(Message.user(prompt)));
    }

    /**
     * A task of several turns, the last one the user's.
     *
     * @throws IllegalArgumentException if there is none, or the last one is not the user's
     */
    public static Task of(List<Message> messages) {
        if (messages.isEmpty() || messages.getLast().role() != Message.Role.USER) {
            throw new IllegalArgumentException("A task's messages must end with the user's turn");
        }
        Draft draft = new Draft();
        draft.messages = List.copyOf(messages);
        return new Task(draft);
    }

    /** Instructions that stand before the conversation. */
    public Task system(String instructions) {
        return with(draft -> draft.system = instructions);
    }

    /** Adds an image to the last turn. */
    public Task image(Image image) {
        return with(draft -> {
            List<Message> more = new ArrayList<>(messages);
            more.set(more.size() - 1, more.getLast().with(image));
            draft.messages = List.copyOf(more);
        });
    }

    /** Forces the category: nothing is classified. */
    public Task category(String name) {
        return with(draft -> draft.category = name);
    }

    /**
     * Says who asks, as {@code package.Class.method} or any dotted name; the library finds it by
     * itself if this is not called.
     */
    public Task caller(String name) {
        return with(draft -> draft.caller = name);
    }

    /** The name of the key with which it is asked: budgets and reports go by it. */
    public Task key(String name) {
        return with(draft -> draft.key = name);
    }

    /** The conversation this task belongs to. */
    public Task session(String id) {
        return with(draft -> draft.session = id);
    }

    /** Adds a tag, for rules and reports. */
    public Task tag(String key, String value) {
        return with(draft -> {
            Map<String, String> more = new TreeMap<>(tags);
            more.put(key, value);
            draft.tags = Map.copyOf(more);
        });
    }

    /**
     * How many tokens the answer may have; {@value #DEFAULT_MAX_TOKENS} unless said.
     *
     * @throws IllegalArgumentException below 1
     */
    public Task maxTokens(int tokens) {
        if (tokens < 1) {
            throw new IllegalArgumentException("max tokens must be 1 or more, not " + tokens);
        }
        return with(draft -> draft.maxTokens = tokens);
    }

    /**
     * Sampling temperature, from 0 to 2 (some providers take at most 1).
     *
     * @throws IllegalArgumentException outside that range
     */
    public Task temperature(double value) {
        if (!(value >= 0 && value <= 2)) {
            throw new IllegalArgumentException("temperature must be from 0 to 2, not " + value);
        }
        return with(draft -> draft.temperature = value);
    }

    /** Texts at which the answer ends. */
    public Task stop(String... sequences) {
        return with(draft -> draft.stop = List.of(sequences));
    }

    /** The JSON Schema, as JSON text of an object, that the answer must follow. */
    public Task responseSchema(String jsonSchema) {
        return with(draft -> draft.responseSchema = jsonSchema);
    }

    /** Asks a model that reasons before it answers for the least reasoning it offers. */
    public Task leastReasoning() {
        return with(draft -> draft.leastReasoning = true);
    }

    /** Says what a model must be able to do for it, beyond what its messages show. */
    public Task needs(Set<Ability> abilities) {
        return with(draft -> draft.needs = Set.copyOf(abilities));
    }

    /**
     * Says that its messages are only part of a conversation that is kept elsewhere.
     *
     * @param text stands for the whole: equal conversations have equal ones
     */
    public Task sketch(String text) {
        return with(draft -> draft.sketch = text);
    }

    public List<Message> messages() {
        return messages;
    }

    /** The text of the last turn. */
    public String prompt() {
        return messages.getLast().text();
    }

    public Optional<String> system() {
        return Optional.ofNullable(system);
    }

    public Optional<String> category() {
        return Optional.ofNullable(category);
    }

    public Optional<String> caller() {
        return Optional.ofNullable(caller);
    }

    public Optional<String> key() {
        return Optional.ofNullable(key);
    }

    public Optional<String> session() {
        return Optional.ofNullable(session);
    }

    public Map<String, String> tags() {
        return tags;
    }

    public int maxTokens() {
        return maxTokens;
    }

    public OptionalDouble temperature() {
        return temperature == null ? OptionalDouble.empty() : OptionalDouble.of(temperature);
    }

    public List<String> stop() {
        return stop;
    }

    public Optional<String> responseSchema() {
        return Optional.ofNullable(responseSchema);
    }

    public boolean wantsLeastReasoning() {
        return leastReasoning;
    }

    /** Whether a model must be able to do that for it. */
    public boolean needs(Ability ability) {
        return needs.contains(ability)
                || switch (ability) {
                    case IMAGE_INPUT -> images() > 0;
                    case STRUCTURED_OUTPUT -> responseSchema != null;
                    case TEXT_OUTPUT -> true;
                    case PDF_INPUT, TOOLS, REASONING, TEMPERATURE -> false;
                };
    }

    /** What stands for the whole conversation; empty if the messages are the whole. */
    public Optional<String> sketch() {
        return Optional.ofNullable(sketch);
    }

    /** Whether the last turn gives what a tool gave. */
    public boolean answersTool() {
        for (Part part : messages.getLast().parts()) {
            if (part instanceof Part.ToolResult) {
                return true;
            }
        }
        return false;
    }

    /** How many images its messages have. */
    public int images() {
        int images = 0;
        for (Message message : messages) {
            images += message.images();
        }
        return images;
    }

    /** Shows its shape only, never its text. */
    @Override
    public String toString() {
        return "Task["
                + messages.size()
                + " messages, "
                + images()
                + " images, category "
                + category
                + "]";
    }

    private Task with(Consumer<Draft> change) {
        Draft draft = new Draft();
        draft.messages = messages;
        draft.system = system;
        draft.category = category;
        draft.caller = caller;
        draft.key = key;
        draft.session = session;
        draft.tags = tags;
        draft.maxTokens = maxTokens;
        draft.temperature = temperature;
        draft.stop = stop;
        draft.responseSchema = responseSchema;
        draft.leastReasoning = leastReasoning;
        draft.needs = needs;
        draft.sketch = sketch;
        change.accept(draft);
        return new Task(draft);
    }

    private static final class Draft {
        private List<Message> messages = List.of();
        private @Nullable String system;
        private @Nullable String category;
        private @Nullable String caller;
        private @Nullable String key;
        private @Nullable String session;
        private Map<String, String> tags = Map.of();
        private int maxTokens = DEFAULT_MAX_TOKENS;
        private @Nullable Double temperature;
        private List<String> stop = List.of();
        private @Nullable String responseSchema;
        private boolean leastReasoning;
        private Set<Ability> needs = Set.of();
        private @Nullable String sketch;
    }
}

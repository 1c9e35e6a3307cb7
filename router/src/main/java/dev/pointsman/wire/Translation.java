package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Message;
import dev.pointsman.core.Model;
import dev.pointsman.core.Part;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A request for an answer that goes to a provider of another format. Immutable. */
public final class Translation {

    private final Format from;
    private final Conversation conversation;
    private final Set<String> left;

    private Translation(Format from, Conversation conversation, Set<String> left) {
        this.from = from;
        this.conversation = conversation;
        this.left = left;
    }

    /**
     * Reads a request.
     *
     * @throws RequestException if it is not what the format asks for
     */
    public static Translation of(Format from, byte[] body) throws RequestException {
        JsonNode json;
        try {
            json = Json.read(body);
        } catch (IOException e) {
            throw new RequestException("the body cannot be read: it is not valid JSON in UTF-8");
        }
        if (!json.isObject()) {
            throw new RequestException("the body must be a JSON object");
        }
        Set<String> left = new LinkedHashSet<>();
        return new Translation(from, from.requestReader().read(json, left::add), left);
    }

    /** Why it cannot be said in a format without loss that matters; empty if it can. */
    public Optional<String> obstacle(Format to, Model model) {
        for (String path : left) {
            if (FieldTable.KNOWN.fate(from, path, to) instanceof FieldTable.Fate.Rejected why) {
                return Optional.of(why.reason() + " (" + path + ")");
            }
        }
        return to.requestWriter().obstacle(conversation, model);
    }

    /** What to send; {@link WireRequest#dropped} names what is left out. */
    public WireRequest request(Format to, Model model, boolean stream) {
        WireRequest request = to.requestWriter().write(conversation, model, stream);
        Set<String> dropped = new LinkedHashSet<>(left);
        dropped.addAll(request.dropped());
        return new WireRequest(
                request.path(), request.headers(), request.body(), List.copyOf(dropped));
    }

    /**
     * The same without any sealed reasoning, for a provider that has refused some; empty if there
     * is none.
     */
    public Optional<Translation> bare() {
        List<Message> bare = conversation.messages().stream().map(Translation::bare).toList();
        if (bare.equals(conversation.messages())) {
            return Optional.empty();
        }
        Set<String> more = new LinkedHashSet<>(left);
        more.add("reasoning of another provider");
        return Optional.of(
                new Translation(
                        from,
                        new Conversation(
                                bare.stream().filter(said -> !said.parts().isEmpty()).toList(),
                                conversation.tools(),
                                conversation.toolChoice(),
                                conversation.output(),
                                conversation.thinking(),
                                conversation.sampling()),
                        more));
    }

    private static Message bare(Message message) {
        List<Part> parts = new ArrayList<>();
        for (Part part : message.parts()) {
            switch (part) {
                case Part.Reasoning reasoning when reasoning.seal().isPresent() -> {
                    // left out
                }
                case Part.ToolCall call ->
                        parts.add(
                                new Part.ToolCall(
                                        call.id(),
                                        call.tool(),
                                        call.arguments(),
                                        Optional.empty()));
                default -> parts.add(part);
            }
        }
        return new Message(message.role(), parts);
    }

    /**
     * What brings the answer of a provider into the caller's format.
     *
     * @param asArray whether a stream goes to the caller as one JSON array in place of events
     */
    public AnswerTranslator answer(Format provider, Frame frame, boolean asArray) {
        return new AnswerTranslator(
                provider,
                from,
                frame,
                new ToolNames(conversation.tools(), provider.requestWriter()),
                asArray);
    }
}

package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Image;
import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Model;
import dev.pointsman.core.Part;
import dev.pointsman.core.Seal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Messages as Gemini's contents. What the assistant says in a row is one content, the results of
 * its calls are the next, in the order of the calls, and then comes what else the user says.
 * Instructions at the beginning are the {@code systemInstruction}; later ones stand where they were
 * said, as texts of the user between tags. Has state; writes one conversation.
 */
final class GeminiContentsWriter {

    private static final String UNSEALED = "reasoning of another provider";

    private record Call(int place, String name) {}

    private record Result(int place, ObjectNode part) {}

    private final Set<String> dropped;
    private final boolean mustSeal;
    private final RequestWriter names = Format.GEMINI.requestWriter();
    private final ArrayNode contents = Json.array();
    private final Map<String, Call> calls = new HashMap<>();
    private final List<Result> results = new ArrayList<>();
    private final List<ObjectNode> said = new ArrayList<>();
    private @Nullable ArrayNode turn;
    private boolean called;

    GeminiContentsWriter(Model model, Set<String> dropped) {
        this.dropped = dropped;
        this.mustSeal = GeminiGeneration.of(model).isThird();
    }

    void write(List<Message> messages, ObjectNode body) {
        int first = 0;
        while (first < messages.size() - 1 && isInstruction(messages.get(first))) {
            first++;
        }
        ArrayNode instructions = Json.array();
        for (Message message : messages.subList(0, first)) {
            texts(message, instructions, "", "");
        }
        if (!instructions.isEmpty()) {
            body.putObject("systemInstruction").set("parts", instructions);
        }
        for (int i = first; i < messages.size(); i++) {
            message(messages.get(i), i == first);
        }
        flush();
        body.set("contents", contents);
    }

    private static boolean isInstruction(Message message) {
        return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
    }

    private static void texts(Message message, ArrayNode parts, String before, String after) {
        for (Part part : message.parts()) {
            if (part instanceof Part.Text text && !text.text().isEmpty()) {
                parts.addObject().put("text", before + text.text() + after);
            }
        }
    }

    /**
     * @param first whether it is the first of the contents, and so, if it is an instruction, all
     *     there is
     */
    private void message(Message message, boolean first) {
        if (message.role() == Role.ASSISTANT) {
            flush();
            for (Part part : message.parts()) {
                assistant(part);
            }
            return;
        }
        turn = null;
        ArrayNode parts = Json.array();
        if (isInstruction(message)) {
            texts(message, parts, first ? "" : "<system>\n", first ? "" : "\n</system>");
        } else {
            for (Part part : message.parts()) {
                user(part, parts);
            }
        }
        if (!parts.isEmpty()) {
            said.add(content("user", parts));
        }
    }

    private static ObjectNode content(String role, ArrayNode parts) {
        ObjectNode content = Json.object().put("role", role);
        content.set("parts", parts);
        return content;
    }

    /** What the user said since the model spoke, results first. */
    private void flush() {
        if (!results.isEmpty()) {
            results.sort(Comparator.comparingInt(Result::place));
            ArrayNode parts = Json.array();
            results.forEach(result -> parts.add(result.part()));
            contents.add(content("user", parts));
            results.clear();
        }
        said.forEach(contents::add);
        said.clear();
    }

    private void user(Part part, ArrayNode parts) {
        switch (part) {
            case Part.Text text -> text(text.text(), parts);
            case Part.Picture picture -> picture(picture.image(), parts.addObject());
            case Part.File file -> file(file, parts.addObject());
            case Part.ToolResult result -> result(result);
            case Part.Refusal refusal -> text(refusal.text(), parts);
            case Part.ToolCall call -> {
                // only the assistant calls
            }
            case Part.Reasoning reasoning -> dropped.add(UNSEALED);
        }
    }

    private void assistant(Part part) {
        switch (part) {
            case Part.Text text -> text(text.text(), turn());
            case Part.Picture picture -> picture(picture.image(), turn().addObject());
            case Part.File file -> file(file, turn().addObject());
            case Part.Refusal refusal -> text(refusal.text(), turn());
            case Part.ToolCall call -> call(call);
            case Part.Reasoning reasoning -> reasoning(reasoning);
            case Part.ToolResult result -> result(result);
        }
    }

    private ArrayNode turn() {
        if (turn == null) {
            turn = Json.array();
            called = false;
            contents.add(content("model", turn));
        }
        return turn;
    }

    private static void text(String text, ArrayNode parts) {
        if (!text.isEmpty()) {
            parts.addObject().put("text", text);
        }
    }

    private void reasoning(Part.Reasoning reasoning) {
        Optional<Seal> own = reasoning.seal().filter(Gemini::isOwn);
        if (own.isEmpty()) {
            dropped.add(UNSEALED);
            return;
        }
        if (!reasoning.text().isEmpty()) {
            turn().addObject()
                    .put("text", reasoning.text())
                    .put("thought", true)
                    .put("thoughtSignature", own.get().value());
        } else {
            sealed().put("thoughtSignature", own.get().value());
        }
    }

    /** The text that a signature without words of its own belongs to. */
    private ObjectNode sealed() {
        ArrayNode parts = turn();
        if (!parts.isEmpty()
                && parts.get(parts.size() - 1) instanceof ObjectNode last
                && last.has("text")
                && !last.has("thoughtSignature")) {
            return last;
        }
        return parts.addObject().put("text", "");
    }

    private void call(Part.ToolCall call) {
        String name = names.toolName(call.tool());
        calls.put(call.id(), new Call(calls.size(), name));
        ObjectNode part = turn().addObject();
        ObjectNode json = part.putObject("functionCall");
        if (!call.id().isEmpty()) {
            json.put("id", call.id());
        }
        json.put("name", name).set("args", arguments(call.arguments()));
        Optional<Seal> own = call.seal().filter(Gemini::isOwn);
        if (own.isPresent()) {
            part.put("thoughtSignature", own.get().value());
        } else if (mustSeal && !called) {
            part.put("thoughtSignature", Gemini.NO_SIGNATURE);
        }
        called = true;
    }

    /** Arguments that are no object stand in one, as a plain text of a freeform tool does. */
    static JsonNode arguments(String text) {
        if (text.isBlank()) {
            return Json.object();
        }
        return object(text).orElseGet(() -> Json.object().put("input", text));
    }

    private static Optional<JsonNode> object(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(text)).filter(JsonNode::isObject);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void result(Part.ToolResult result) {
        Call call = calls.getOrDefault(result.callId(), new Call(calls.size(), "unknown"));
        ObjectNode part = Json.object();
        ObjectNode json = part.putObject("functionResponse");
        if (!result.callId().isEmpty()) {
            json.put("id", result.callId());
        }
        json.put("name", call.name()).set("response", response(result));
        ArrayNode media = Json.array();
        for (Part content : result.content()) {
            switch (content) {
                case Part.Picture picture -> picture(picture.image(), media.addObject());
                case Part.File file -> file(file, media.addObject());
                default -> {
                    // texts are in the response
                }
            }
        }
        if (!media.isEmpty()) {
            json.set("parts", media);
        }
        results.add(new Result(call.place(), part));
    }

    private static JsonNode response(Part.ToolResult result) {
        StringBuilder text = new StringBuilder();
        for (Part part : result.content()) {
            if (part instanceof Part.Text piece) {
                text.append(text.isEmpty() ? "" : "\n").append(piece.text());
            }
        }
        String all = text.toString();
        if (result.error()) {
            return Json.object().put("error", all);
        }
        return object(all).orElseGet(() -> Json.object().put("result", all));
    }

    private static void picture(Image image, ObjectNode part) {
        switch (image) {
            case Image.Data data -> inline(data.mediaType(), data.base64(), part);
            case Image.Url url -> linked(Gemini.mediaType(url.url()), url.url(), part);
        }
    }

    private void file(Part.File file, ObjectNode part) {
        file.name().ifPresent(name -> dropped.add("file name"));
        switch (file.source()) {
            case Part.File.Data data -> inline(mediaType(file), data.base64(), part);
            case Part.File.Url url -> linked(mediaType(file), url.url(), part);
        }
    }

    /** What kind of file it is, as was said or as its name tells; empty if neither. */
    static String mediaType(Part.File file) {
        if (!file.mediaType().isEmpty()) {
            return file.mediaType();
        }
        String named = file.name().map(Gemini::mediaType).orElse("");
        return named.isEmpty() && file.source() instanceof Part.File.Url url
                ? Gemini.mediaType(url.url())
                : named;
    }

    private static void inline(String mediaType, String base64, ObjectNode part) {
        part.putObject("inlineData").put("mimeType", mediaType).put("data", base64);
    }

    private static void linked(String mediaType, String uri, ObjectNode part) {
        ObjectNode data = part.putObject("fileData");
        if (!mediaType.isEmpty()) {
            data.put("mimeType", mediaType);
        }
        data.put("fileUri", uri);
    }
}

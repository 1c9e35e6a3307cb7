package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Message;
import dev.pointsman.core.Message.Role;
import dev.pointsman.core.Model;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Output;
import dev.pointsman.core.Part;
import dev.pointsman.core.Seal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Writes the messages of one request as instructions and items. Has state. */
final class ResponsesInputWriter {

    private static final int LONGEST_ID = 64;
    private static final String FOREIGN = "reasoning of another provider";
    private static final String JSON = "json";

    private final ResponsesRequestWriter names;
    private final Conversation conversation;
    private final Model model;
    private final Set<String> dropped;
    private final ArrayNode input = Json.array();
    private final Set<String> freeform = new HashSet<>();
    private @Nullable ArrayNode open;

    ResponsesInputWriter(
            ResponsesRequestWriter names,
            Conversation conversation,
            Model model,
            Set<String> dropped) {
        this.names = names;
        this.conversation = conversation;
        this.model = model;
        this.dropped = dropped;
    }

    void write(ObjectNode body) {
        List<Message> messages = conversation.messages();
        int leading = leading(messages);
        if (leading > 0) {
            instructions(body, messages.subList(0, leading));
        }
        if (conversation.output() instanceof Output.Json && !saysJson(messages)) {
            // a condition of the provider's for answers in JSON
            content("developer")
                    .addObject()
                    .put("type", "input_text")
                    .put("text", "Answer in JSON.");
        }
        for (Message message : messages.subList(leading, messages.size())) {
            message(message);
        }
        body.set("input", input);
    }

    /** How many messages are instructions; none if there is nothing else. */
    private static int leading(List<Message> messages) {
        int leading = 0;
        while (leading < messages.size() && isInstruction(messages.get(leading))) {
            leading++;
        }
        return leading == messages.size() ? 0 : leading;
    }

    private static boolean isInstruction(Message message) {
        return message.role() == Role.SYSTEM
                && message.parts().stream().allMatch(Part.Text.class::isInstance);
    }

    private static void instructions(ObjectNode body, List<Message> messages) {
        StringBuilder text = new StringBuilder();
        for (Message message : messages) {
            String said = message.text();
            if (!said.isEmpty()) {
                text.append(text.isEmpty() ? "" : "\n\n").append(said);
            }
        }
        if (!text.isEmpty()) {
            body.put("instructions", text.toString());
        }
    }

    private static boolean saysJson(List<Message> messages) {
        for (Message message : messages) {
            if (message.role() != Role.SYSTEM
                    && message.text().toLowerCase(Locale.ROOT).contains(JSON)) {
                return true;
            }
        }
        return false;
    }

    private void message(Message message) {
        open = null;
        String role = message.role().name().toLowerCase(Locale.ROOT);
        boolean answer = message.role() == Role.ASSISTANT;
        List<Part> parts = message.parts();
        for (int i = 0; i < parts.size(); i++) {
            switch (parts.get(i)) {
                case Part.Reasoning reasoning ->
                        reasoning(reasoning, isFollowed(parts.subList(i + 1, parts.size())));
                case Part.ToolCall call -> call(call);
                case Part.ToolResult result -> result(result);
                case Part.Refusal refusal -> {
                    if (!refusal.text().isEmpty()) {
                        refusal(role, answer, refusal.text());
                    }
                }
                case Part.Text text when text.text().isEmpty() -> {
                    // refused by the provider
                }
                case Part.Text text when answer ->
                        content(role)
                                .addObject()
                                .put("type", "output_text")
                                .put("text", text.text());
                case Part.Text text -> piece(content(role), text);
                case Part.Picture picture -> piece(content(role), picture);
                case Part.File file -> piece(content(role), file);
            }
        }
    }

    private void refusal(String role, boolean answer, String text) {
        if (answer) {
            content(role).addObject().put("type", "refusal").put("refusal", text);
        } else {
            content(role).addObject().put("type", "input_text").put("text", text);
        }
    }

    /** Where the next piece of the message goes. */
    private ArrayNode content(String role) {
        if (open == null) {
            open = item("message").put("role", role).putArray("content");
        }
        return open;
    }

    private ObjectNode item(String type) {
        open = null;
        return input.addObject().put("type", type);
    }

    private static void piece(ArrayNode content, Part part) {
        switch (part) {
            case Part.Text text ->
                    content.addObject().put("type", "input_text").put("text", text.text());
            case Part.Picture picture ->
                    content.addObject()
                            .put("type", "input_image")
                            .put("image_url", OpenAi.imageUrl(picture.image()));
            case Part.File file -> file(content, file);
            default -> {
                // no content of a message
            }
        }
    }

    private static void file(ArrayNode content, Part.File file) {
        ObjectNode json = content.addObject().put("type", "input_file");
        switch (file.source()) {
            case Part.File.Url url -> json.put("file_url", url.url());
            case Part.File.Data data -> {
                String type = file.mediaType().isEmpty() ? "application/pdf" : file.mediaType();
                json.put("filename", file.name().orElseGet(() -> name(type)));
                json.put("file_data", "data:" + type + ";base64," + data.base64());
            }
        }
    }

    private static String name(String mediaType) {
        return switch (mediaType) {
            case "application/pdf" -> "file.pdf";
            case "text/plain" -> "file.txt";
            case "text/markdown" -> "file.md";
            default -> "file." + mediaType.substring(mediaType.lastIndexOf('/') + 1);
        };
    }

    /** Reasoning must stand before what it led to. */
    private static boolean isFollowed(List<Part> rest) {
        for (Part part : rest) {
            switch (part) {
                case Part.ToolCall call -> {
                    return true;
                }
                case Part.Text text when !text.text().isEmpty() -> {
                    return true;
                }
                case Part.Refusal refusal when !refusal.text().isEmpty() -> {
                    return true;
                }
                default -> {
                    // says nothing
                }
            }
        }
        return false;
    }

    private void reasoning(Part.Reasoning reasoning, boolean followed) {
        Optional<JsonNode> own = reasoning.seal().flatMap(ResponsesInputWriter::own);
        if (own.isEmpty()) {
            dropped.add(FOREIGN);
        } else if (followed && !model.cannot(Ability.REASONING)) {
            open = null;
            input.add(own.get());
        } else {
            dropped.add(followed ? "reasoning" : "reasoning without an answer");
        }
    }

    /** What a seal holds, which comes from the caller: nothing but a reasoning item goes on. */
    private static Optional<JsonNode> own(Seal seal) {
        if (!seal.maker().equals(Format.OPENAI_RESPONSES.label())) {
            return Optional.empty();
        }
        try {
            JsonNode item = Json.read(seal.value());
            return item.path("type").asText().equals("reasoning")
                    ? Optional.of(item)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void call(Part.ToolCall call) {
        if (call.seal().isPresent()) {
            dropped.add(FOREIGN);
        }
        boolean plain = call.tool().freeform();
        ObjectNode json = item(plain ? "custom_tool_call" : "function_call");
        json.put("call_id", id(call.id())).put("name", names.toolName(call.tool()));
        call.tool()
                .namespace()
                .ifPresent(space -> json.put("namespace", ResponsesRequestWriter.fit(space)));
        if (plain) {
            freeform.add(call.id());
            json.put("input", ResponsesFreeform.text(call.arguments()));
        } else {
            json.put("arguments", call.arguments().isEmpty() ? "{}" : call.arguments());
        }
    }

    private void result(Part.ToolResult result) {
        ObjectNode json =
                item(
                        freeform.contains(result.callId())
                                ? "custom_tool_call_output"
                                : "function_call_output");
        json.put("call_id", id(result.callId()));
        if (result.error()) {
            dropped.add("tool_result_error");
        }
        List<Part> content =
                result.content().stream()
                        .filter(part -> !(part instanceof Part.Text text && text.text().isEmpty()))
                        .toList();
        if (content.isEmpty()) {
            json.put("output", "");
        } else if (content.size() == 1 && content.getFirst() instanceof Part.Text only) {
            json.put("output", only.text());
        } else {
            ArrayNode output = json.putArray("output");
            content.forEach(part -> piece(output, part));
        }
    }

    /**
     * A call's id as the provider takes it; one that has to change depends on nothing but itself.
     */
    private static String id(String id) {
        boolean fit = !id.isEmpty() && id.length() <= LONGEST_ID;
        for (int i = 0; fit && i < id.length(); i++) {
            char c = id.charAt(i);
            fit = c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '-');
        }
        return fit ? id : "call_" + ToolNames.mark(id);
    }
}

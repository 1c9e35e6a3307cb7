package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.pointsman.core.Conversation;
import dev.pointsman.core.Message;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Gemini's requests. Names may be written in camelCase or with underscores, as Google takes both.
 */
final class GeminiRequestReader implements RequestReader {

    @Override
    public Conversation read(JsonNode body, Consumer<String> left) throws RequestException {
        JsonNode system = MissingNode.getInstance();
        JsonNode contents = MissingNode.getInstance();
        GeminiToolsReader tools = new GeminiToolsReader(left);
        GeminiConfigReader config = new GeminiConfigReader(left);
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            JsonNode value = field.getValue();
            if (Gemini.isEmpty(value)) {
                continue;
            }
            String name = Gemini.camel(field.getKey());
            switch (name) {
                case "contents" -> contents = value;
                case "systemInstruction" -> system = value;
                case "tools" -> tools.tools(value);
                case "toolConfig" -> tools.config(value);
                case "generationConfig" -> config.read(value);
                case "model" -> {
                    // named by the address
                }
                default -> left.accept(name);
            }
        }
        List<Message> messages = new GeminiContentsReader(left).read(system, contents);
        return new Conversation(
                messages,
                tools.offered(),
                tools.choice(),
                config.output(),
                config.thinking(),
                config.sampling());
    }
}

package dev.pointsman.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Usage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is read of an answer that comes in one piece and goes on unchanged. */
public final class WholeAnswer {

    /** A key cannot stand so within a text, where its quotation marks are escaped. */
    private static final Pattern SERVICE_TIER =
            Pattern.compile("[{,]\\s*\"service_tier\"\\s*:\\s*\"(\\w+)\"");

    private WholeAnswer() {}

    /**
     * Its usage, all else being passed over.
     *
     * @return an empty estimate if the provider told none
     * @throws ProtocolException if it is no whole JSON object, or tells of a failure
     */
    public static Usage usage(Format format, byte[] body) throws ProtocolException {
        Usage usage = Usage.NONE.asEstimate();
        String tier = "";
        boolean error = false;
        try (JsonParser json = Peek.JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw ProtocolException.garbled("the answer is not a JSON object");
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                boolean object = value == JsonToken.START_OBJECT;
                if (object && name.equals(format.codec().usageKey())) {
                    usage = format.codec().usage(Json.readValue(json), Usage.NONE);
                } else if (name.equals("error") && (object || value == JsonToken.VALUE_STRING)) {
                    throw new ProtocolException(HttpFailures.inBand(Json.readValue(json)));
                } else if (value == JsonToken.VALUE_STRING) {
                    error |= namesError(name, json);
                    tier = name.equals("service_tier") ? json.getText() : tier;
                } else if (format == Format.OPENAI_CHAT && name.equals("choices")) {
                    choices(json);
                } else {
                    json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw ProtocolException.garbled("the answer is more than one JSON object");
            }
        } catch (IOException e) {
            throw ProtocolException.garbled(
                    "the answer is not complete JSON (" + body.length + " bytes)");
        }
        if (error) {
            throw new ProtocolException(HttpFailures.inBand(Json.readAnswer(body)));
        }
        return tier.isEmpty() ? usage : OpenAiUsage.at(tier, usage);
    }

    /** Such an object is an error itself, without one in it. */
    private static boolean namesError(String name, JsonParser json) throws IOException {
        return (name.equals("object") || name.equals("type")) && json.getText().equals("error");
    }

    /** Passes over them, unless one says that it failed. */
    private static void choices(JsonParser json) throws IOException, ProtocolException {
        int depth = 0;
        JsonToken token = json.currentToken();
        while (token != null) {
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (depth == 0) {
                return;
            }
            boolean reason =
                    depth == 2
                            && token == JsonToken.VALUE_STRING
                            && "finish_reason".equals(json.currentName());
            if (reason && ChatCodec.isFailure(json.getText())) {
                throw new ProtocolException(ChatCodec.FAILED_MIDWAY);
            }
            token = json.nextToken();
        }
    }

    /**
     * The usage in the last bytes of a long answer.
     *
     * @return an empty estimate if there is none
     */
    public static Usage usageInTail(Format format, byte[] tail) {
        String text = new String(tail, StandardCharsets.ISO_8859_1);
        String key = '"' + format.codec().usageKey() + '"';
        int at = text.lastIndexOf(key);
        int object = at < 0 ? -1 : text.indexOf('{', at + key.length());
        if (object < 0) {
            return Usage.NONE.asEstimate();
        }
        try (JsonParser json = Peek.JSON.createParser(tail, object, tail.length - object)) {
            json.nextToken();
            Usage usage = format.codec().usage(Json.readValue(json), Usage.NONE);
            Matcher tier = SERVICE_TIER.matcher(text);
            return tier.find() ? OpenAiUsage.at(tier.group(1), usage) : usage;
        } catch (IOException e) {
            return Usage.NONE.asEstimate();
        }
    }

    /**
     * An answer with embeddings as lists of numbers, changed into base64 of little-endian 32-bit
     * floats as OpenAI gives them; the very same bytes if there are no such lists.
     *
     * @throws ProtocolException if it is no whole JSON object
     */
    public static byte[] embeddingsInBase64(byte[] body) throws ProtocolException {
        JsonNode answer = Json.readAnswer(body);
        boolean changed = false;
        for (JsonNode item : answer.path("data")) {
            if (item instanceof ObjectNode object && item.path("embedding").isArray()) {
                object.put("embedding", base64(item.path("embedding")));
                changed = true;
            }
        }
        return changed ? Json.bytes(answer) : body;
    }

    /**
     * The embedding in Gemini's answer to one text.
     *
     * @throws ProtocolException if there is none
     */
    public static byte[] embedding(byte[] body) throws ProtocolException {
        JsonNode embedding = Json.readAnswer(body).path("embedding");
        if (!embedding.isObject()) {
            throw ProtocolException.garbled("the answer has no embedding");
        }
        return Json.bytes(embedding);
    }

    private static String base64(JsonNode numbers) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * numbers.size()).order(ByteOrder.LITTLE_ENDIAN);
        numbers.forEach(number -> bytes.putFloat(number.floatValue()));
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}

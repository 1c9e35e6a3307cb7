package dev.pointsman.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.TokenKind;
import dev.pointsman.core.Usage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * What of a call's tokens is priced apart, as it is stored: a JSON object of the kinds that there
 * are, {@code {"cache_write_1h":512,"service":"flex"}}; null where nothing is.
 */
final class DetailJson {

    private static final String SERVICE = "service";
    private static final JsonFactory JSON = new JsonFactory();

    private DetailJson() {}

    static @Nullable String of(Usage.Detail detail) {
        if (detail.equals(Usage.Detail.NONE)) {
            return null;
        }
        StringBuilder json = new StringBuilder();
        put(TokenKind.CACHE_WRITE_1H, detail.cacheWriteHour(), json);
        put(TokenKind.AUDIO_INPUT, detail.audioInput(), json);
        put(TokenKind.AUDIO_CACHE_READ, detail.audioCacheRead(), json);
        put(TokenKind.AUDIO_OUTPUT, detail.audioOutput(), json);
        put(TokenKind.IMAGE_INPUT, detail.imageInput(), json);
        put(TokenKind.IMAGE_OUTPUT, detail.imageOutput(), json);
        if (detail.tier() != ServiceTier.STANDARD) {
            name(SERVICE, json).append('"').append(detail.tier().label()).append('"');
        }
        return json.append('}').toString();
    }

    private static void put(TokenKind kind, long tokens, StringBuilder json) {
        if (tokens > 0) {
            name(kind.label(), json).append(tokens);
        }
    }

    private static StringBuilder name(String name, StringBuilder json) {
        return json.append(json.isEmpty() ? '{' : ',').append('"').append(name).append("\":");
    }

    /**
     * @throws IllegalArgumentException if it is no such object
     */
    static Usage.Detail read(@Nullable String json) {
        if (json == null) {
            return Usage.Detail.NONE;
        }
        Map<TokenKind, Long> tokens = new EnumMap<>(TokenKind.class);
        ServiceTier tier = ServiceTier.STANDARD;
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (name.equals(SERVICE)) {
                    tier = ServiceTier.of(parser.nextTextValue());
                } else {
                    tokens.put(TokenKind.of(name), parser.nextLongValue(0));
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("The detail of tokens cannot be read: " + json, e);
        }
        return new Usage.Detail(
                tokens.getOrDefault(TokenKind.CACHE_WRITE_1H, 0L),
                tokens.getOrDefault(TokenKind.AUDIO_INPUT, 0L),
                tokens.getOrDefault(TokenKind.AUDIO_CACHE_READ, 0L),
                tokens.getOrDefault(TokenKind.AUDIO_OUTPUT, 0L),
                tokens.getOrDefault(TokenKind.IMAGE_INPUT, 0L),
                tokens.getOrDefault(TokenKind.IMAGE_OUTPUT, 0L),
                tier);
    }
}

package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Image;
import dev.pointsman.core.Secret;
import dev.pointsman.core.Usage;

import java.util.Map;

/**
 * What OpenAI's two formats share: keys, images, and counters in which the cached tokens are part
 * of the input.
 */
final class OpenAi {

    private OpenAi() {}

    static Map<String, String> bearer(Secret key) {
        return Map.of("authorization", "Bearer " + key.reveal());
    }

    static String imageUrl(Image image) {
        return switch (image) {
            case Image.Data data -> "data:" + data.mediaType() + ";base64," + data.base64();
            case Image.Url url -> url.url();
        };
    }

    /** Chat's counters; DeepSeek and OpenRouter name those of the cache differently. */
    static Usage chatUsage(JsonNode json) {
        if (!json.isObject()) {
            return Usage.NONE.asEstimate();
        }
        JsonNode details = json.path("prompt_tokens_details");
        long cached =
                Json.count(
                        details.path("cached_tokens"),
                        Json.count(json.path("prompt_cache_hit_tokens"), 0));
        return usage(
                Json.count(json.path("prompt_tokens"), 0),
                cached,
                Json.count(details.path("cache_write_tokens"), 0),
                Json.count(json.path("completion_tokens"), 0),
                Json.count(json.path("completion_tokens_details").path("reasoning_tokens"), 0));
    }

    static Usage responsesUsage(JsonNode json) {
        if (!json.isObject()) {
            return Usage.NONE.asEstimate();
        }
        return usage(
                Json.count(json.path("input_tokens"), 0),
                Json.count(json.path("input_tokens_details").path("cached_tokens"), 0),
                0,
                Json.count(json.path("output_tokens"), 0),
                Json.count(json.path("output_tokens_details").path("reasoning_tokens"), 0));
    }

    static ObjectNode writeChatUsage(Usage usage) {
        ObjectNode json =
                Json.object()
                        .put("prompt_tokens", usage.totalInput())
                        .put("completion_tokens", usage.output())
                        .put("total_tokens", usage.totalInput() + usage.output());
        json.putObject("prompt_tokens_details")
                .put("cached_tokens", usage.cacheRead())
                .put("cache_write_tokens", usage.cacheWrite());
        json.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoning());
        return json;
    }

    static ObjectNode writeResponsesUsage(Usage usage) {
        ObjectNode json = Json.object().put("input_tokens", usage.totalInput());
        json.putObject("input_tokens_details").put("cached_tokens", usage.cacheRead());
        json.put("output_tokens", usage.output());
        json.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoning());
        return json.put("total_tokens", usage.totalInput() + usage.output());
    }

    private static Usage usage(
            long prompt, long cached, long written, long output, long reasoning) {
        long fresh = Math.max(0, prompt - cached - written);
        return new Usage(fresh, output, cached, written, reasoning, false);
    }
}

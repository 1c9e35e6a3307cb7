package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.Usage;
import dev.pointsman.core.Usage.Detail;

/**
 * The counters of OpenAI's two formats, in the spellings of all who speak them. Tokens read from
 * the cache or written to it are part of the input, and reasoning is part of the output, but with
 * xAI.
 */
final class OpenAiUsage {

    private static final Names CHAT =
            new Names(
                    "prompt_tokens",
                    "prompt_tokens_details",
                    "completion_tokens",
                    "completion_tokens_details");

    private static final Names RESPONSES =
            new Names(
                    "input_tokens",
                    "input_tokens_details",
                    "output_tokens",
                    "output_tokens_details");

    private record Names(String input, String inputDetails, String output, String outputDetails) {}

    private OpenAiUsage() {}

    static Usage chat(JsonNode counted) {
        return read(counted, CHAT);
    }

    static Usage responses(JsonNode counted) {
        return read(counted, RESPONSES);
    }

    /** The same, answered at the service that an answer tells beside its counters. */
    static Usage at(JsonNode answer, Usage usage) {
        JsonNode tier = answer.path("service_tier");
        return tier.isTextual() ? at(tier.textValue(), usage) : usage;
    }

    /** No service is told of tokens that were not. */
    static Usage at(String tier, Usage usage) {
        return usage.equals(Usage.NONE.asEstimate()) ? usage : usage.at(ServiceTier.of(tier));
    }

    private static Usage read(JsonNode json, Names names) {
        if (!json.isObject()) {
            return Usage.NONE.asEstimate();
        }
        JsonNode in = json.path(names.inputDetails());
        JsonNode out = json.path(names.outputDetails());
        long cached = cached(json, in);
        long written = Json.count(in.path("cache_write_tokens"), 0);
        long input = Json.count(json.path(names.input()), 0);
        long fresh = Math.max(0, input - cached - written);
        long reasoning = Json.count(out.path("reasoning_tokens"), 0);
        long said = Json.count(json.path(names.output()), 0);
        boolean beside = beside(Json.count(json.path("total_tokens"), 0), input, said, reasoning);
        long sound = Json.count(in.path("audio_tokens"), 0);
        return new Usage(fresh, beside ? said + reasoning : said, cached, written, reasoning, false)
                .withDetail(
                        new Detail(
                                0,
                                Math.min(sound, fresh),
                                Math.max(0, sound - fresh),
                                Json.count(out.path("audio_tokens"), 0),
                                Json.count(in.path("image_tokens"), 0),
                                Json.count(out.path("image_tokens"), 0),
                                ServiceTier.STANDARD));
    }

    /** DeepSeek, Moonshot and Mistral have names of their own for it. */
    private static long cached(JsonNode json, JsonNode details) {
        for (JsonNode said :
                new JsonNode[] {
                    details.path("cached_tokens"),
                    json.path("prompt_cache_hit_tokens"),
                    json.path("cached_tokens"),
                    json.path("num_cached_tokens")
                }) {
            if (said.isNumber()) {
                return Json.count(said, 0);
            }
        }
        return 0;
    }

    /** xAI counts reasoning beside the output; its total tells. */
    private static boolean beside(long total, long input, long output, long reasoning) {
        return reasoning > 0
                && total != input + output
                && (total == input + output + reasoning || reasoning > output);
    }

    static ObjectNode writeChat(Usage usage) {
        ObjectNode json =
                Json.object()
                        .put("prompt_tokens", usage.totalInput())
                        .put("completion_tokens", usage.output())
                        .put("total_tokens", usage.totalInput() + usage.output());
        Detail parts = usage.detail();
        ObjectNode in =
                json.putObject("prompt_tokens_details")
                        .put("cached_tokens", usage.cacheRead())
                        .put("cache_write_tokens", usage.cacheWrite());
        putIfAny(in, "audio_tokens", parts.audioInput() + parts.audioCacheRead());
        putIfAny(in, "image_tokens", parts.imageInput());
        ObjectNode out =
                json.putObject("completion_tokens_details")
                        .put("reasoning_tokens", usage.reasoning());
        putIfAny(out, "audio_tokens", parts.audioOutput());
        putIfAny(out, "image_tokens", parts.imageOutput());
        return json;
    }

    static ObjectNode writeResponses(Usage usage) {
        ObjectNode json = Json.object().put("input_tokens", usage.totalInput());
        json.putObject("input_tokens_details")
                .put("cached_tokens", usage.cacheRead())
                .put("cache_write_tokens", usage.cacheWrite());
        json.put("output_tokens", usage.output());
        json.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoning());
        return json.put("total_tokens", usage.totalInput() + usage.output());
    }

    private static void putIfAny(ObjectNode json, String name, long tokens) {
        if (tokens > 0) {
            json.put(name, tokens);
        }
    }
}

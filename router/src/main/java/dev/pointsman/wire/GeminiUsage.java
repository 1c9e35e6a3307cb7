package dev.pointsman.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.ServiceTier;
import dev.pointsman.core.Usage;
import dev.pointsman.core.Usage.Detail;

import java.util.Locale;

/**
 * Gemini's counters: the cached tokens are within the prompt, those of its own tools' results
 * beside it, and the thoughts beside the candidates.
 */
final class GeminiUsage {

    private static final String AUDIO = "AUDIO";
    private static final String IMAGE = "IMAGE";

    private GeminiUsage() {}

    static Usage read(JsonNode json) {
        if (!json.isObject()) {
            return Usage.NONE.asEstimate();
        }
        long cached = Json.count(json.path("cachedContentTokenCount"), 0);
        long thoughts = Json.count(json.path("thoughtsTokenCount"), 0);
        long prompt =
                Json.count(json.path("promptTokenCount"), 0)
                        + Json.count(json.path("toolUsePromptTokenCount"), 0);
        return new Usage(
                        Math.max(0, prompt - cached),
                        Json.count(json.path("candidatesTokenCount"), 0) + thoughts,
                        cached,
                        0,
                        thoughts,
                        false)
                .withDetail(detail(json));
    }

    private static Detail detail(JsonNode json) {
        long cachedSound = of(AUDIO, json.path("cacheTokensDetails"));
        return new Detail(
                0,
                fresh(AUDIO, json),
                cachedSound,
                of(AUDIO, json.path("candidatesTokensDetails")),
                fresh(IMAGE, json),
                of(IMAGE, json.path("candidatesTokensDetails")),
                tier(json));
    }

    private static long fresh(String modality, JsonNode json) {
        long all =
                of(modality, json.path("promptTokensDetails"))
                        + of(modality, json.path("toolUsePromptTokensDetails"));
        return Math.max(0, all - of(modality, json.path("cacheTokensDetails")));
    }

    private static long of(String modality, JsonNode details) {
        long tokens = 0;
        for (JsonNode part : details) {
            if (part.path("modality").asText().toUpperCase(Locale.ROOT).equals(modality)) {
                tokens += Json.count(part.path("tokenCount"), 0);
            }
        }
        return tokens;
    }

    /** Google's two hosts name it differently. */
    private static ServiceTier tier(JsonNode json) {
        String tier = json.path("serviceTier").asText(json.path("trafficType").asText());
        return ServiceTier.of(tier);
    }

    static void write(Usage usage, ObjectNode answer) {
        if (usage.estimated() && usage.totalInput() + usage.output() == 0) {
            return;
        }
        ObjectNode json =
                answer.putObject("usageMetadata")
                        .put("promptTokenCount", usage.totalInput())
                        .put("cachedContentTokenCount", usage.cacheRead())
                        .put(
                                "candidatesTokenCount",
                                Math.max(0, usage.output() - usage.reasoning()))
                        .put("thoughtsTokenCount", usage.reasoning())
                        .put("totalTokenCount", usage.totalInput() + usage.output());
        Detail parts = usage.detail();
        long sound = parts.audioInput() + parts.audioCacheRead();
        write(json, "promptTokensDetails", sound, parts.imageInput());
        write(json, "cacheTokensDetails", parts.audioCacheRead(), 0);
        write(json, "candidatesTokensDetails", parts.audioOutput(), parts.imageOutput());
    }

    private static void write(ObjectNode json, String name, long sound, long images) {
        if (sound + images > 0) {
            ArrayNode list = json.putArray(name);
            write(list, AUDIO, sound);
            write(list, IMAGE, images);
        }
    }

    private static void write(ArrayNode list, String modality, long tokens) {
        if (tokens > 0) {
            list.addObject().put("modality", modality).put("tokenCount", tokens);
        }
    }
}

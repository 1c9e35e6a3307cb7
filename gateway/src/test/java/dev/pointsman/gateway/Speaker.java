package dev.pointsman.gateway;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Secret;
import dev.pointsman.gateway.Ask.Call;
import dev.pointsman.policy.Provider;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.testing.Reaction;
import dev.pointsman.wire.Format;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A provider of one format: what it answers, and how it reads a request. */
interface Speaker {

    Format format();

    /** Its folder of canned answers. */
    String folder();

    /** Its name in the policy. */
    String name();

    /** Its model. */
    String id();

    /** How the provider's base URL ends. */
    default String base() {
        return "";
    }

    /** An error within a stream. */
    String errorEvent();

    /** The status by which it says that it is overloaded. */
    default int overloaded() {
        return 503;
    }

    /** How many events of {@code text} have some content and no end. */
    default int some() {
        return 6;
    }

    /** What reasoning shows of {@code thinking}. */
    String thought();

    /** What of {@code thinking} comes back to it, as it reads it; empty if it seals nothing. */
    List<JsonNode> seals();

    /** Tokens of reasoning that its canned usage tells. */
    default long reasoningTokens() {
        return 5;
    }

    /**
     * Reads a request as strictly as the format's own types do.
     *
     * @throws RuntimeException if it is no valid one
     */
    Received read(ProviderRequest request);

    /** What a request says. */
    record Received(
            List<String> tools,
            List<Call> calls,
            Map<String, String> results,
            List<JsonNode> seals,
            Optional<byte[]> image,
            Optional<byte[]> pdf,
            Optional<JsonNode> schema,
            boolean reasons) {}

    default Provider provider(String url) {
        return Provider.of(name(), format(), url + base()).apiKey(Secret.of(Rig.KEY));
    }

    default String model() {
        return name() + "/" + id();
    }

    default Reaction.Streams stream(String scene) {
        return Canned.stream(folder() + "/" + scene);
    }

    default Reaction reaction(String scene, boolean stream) {
        return stream ? stream(scene) : Canned.body(folder() + "/" + scene);
    }

    static List<Speaker> all() {
        return List.of(
                new AnthropicSpeaker(),
                new ChatSpeaker(),
                new ResponsesSpeaker(),
                new GeminiSpeaker());
    }
}

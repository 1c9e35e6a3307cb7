package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.catalog.Catalog;
import dev.pointsman.core.AnswerEvent;
import dev.pointsman.core.Model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings requests and answers over to all other formats, and checks what must hold of any. */
final class Translations {

    private static final Frame FRAME = new Frame("id", "model", 1_700_000_000, 100, true);

    /** Old and new ones of each format. */
    private static final Map<Format, List<Model>> MODELS =
            Map.of(
                    Format.ANTHROPIC_MESSAGES,
                    models("anthropic/claude-sonnet-4-5", "anthropic/claude-opus-4-8"),
                    Format.OPENAI_CHAT,
                    models("openai/gpt-4.1", "openai/gpt-5", "mistral/mistral-large-latest"),
                    Format.OPENAI_RESPONSES,
                    models("openai/gpt-4.1", "openai/gpt-5"),
                    Format.GEMINI,
                    models("google/gemini-2.5-flash", "google/gemini-3-pro-preview"));

    private Translations() {}

    private static List<Model> models(String... refs) {
        List<Model> models = new ArrayList<>();
        for (String ref : refs) {
            int slash = ref.indexOf('/');
            Catalog.builtIn()
                    .find(ref.substring(0, slash), ref.substring(slash + 1))
                    .ifPresent(models::add);
        }
        assertThat(models).isNotEmpty();
        return models;
    }

    static void request(Format from, byte[] body) throws Exception {
        Translation read;
        try {
            read = Translation.of(from, body);
        } catch (RequestException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        for (Model model : MODELS.get(from)) {
            Unsealed.of(from, model, body).map(Unsealed::body).ifPresent(Translations::json);
            Unsealed.bare(from, model, body).map(Unsealed::body).ifPresent(Translations::json);
        }
        for (Format to : Format.values()) {
            if (to == from) {
                continue;
            }
            for (Model model : MODELS.get(to)) {
                Optional<String> obstacle = read.obstacle(to, model);
                if (obstacle.isPresent()) {
                    assertThat(obstacle.get()).isNotBlank();
                    continue;
                }
                WireRequest request = read.request(to, model, true);
                assertThat(json(request.body().bytes()).isObject()).isTrue();
                assertThat(request.dropped()).allSatisfy(name -> assertThat(name).isNotBlank());
            }
        }
    }

    static void answer(Format provider, byte[] body) throws Exception {
        for (Format caller : Format.values()) {
            if (caller == provider) {
                continue;
            }
            try {
                json(translator(provider, caller).whole(body, false).bytes());
            } catch (ProtocolException e) {
                assertThat(e.failure().message()).isNotBlank();
                continue;
            }
            byte[] stream = translator(provider, caller).whole(body, true).bytes();
            events(caller, stream, true);
        }
    }

    /** What was sent to each caller, and how it ended. */
    static List<Object> stream(Format provider, byte[] bytes, int piece) throws Exception {
        List<Object> seen = new ArrayList<>();
        for (Format caller : Format.values()) {
            if (caller == provider) {
                continue;
            }
            AnswerTranslator translator = translator(provider, caller);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int from = 0; from < bytes.length; from += piece) {
                int to = Math.min(bytes.length, from + piece);
                out.writeBytes(translator.feed(Arrays.copyOfRange(bytes, from, to)));
            }
            out.writeBytes(translator.close());
            boolean whole = translator.ended() && translator.failure().isEmpty();
            events(caller, out.toByteArray(), whole);
            seen.add(out.toString(StandardCharsets.UTF_8));
            seen.add(translator.ended());
            seen.add(translator.failure().isPresent());
        }
        return seen;
    }

    private static AnswerTranslator translator(Format provider, Format caller) {
        return new AnswerTranslator(provider, caller, FRAME, name -> name, false);
    }

    private static JsonNode json(byte[] bytes) {
        try {
            return Json.read(bytes);
        } catch (IOException e) {
            throw new AssertionError(new String(bytes, StandardCharsets.UTF_8), e);
        }
    }

    /** Each event can be read by the caller's own reader, which sees at most one end. */
    private static void events(Format caller, byte[] stream, boolean whole) throws Exception {
        StreamReader reader = caller.codec().stream();
        List<AnswerEvent> seen = new ArrayList<>();
        List<ServerSentEvent> events = new ArrayList<>();
        new SseDecoder().feed(stream, events::add);
        for (ServerSentEvent event : events) {
            reader.read(event, seen::add);
        }
        reader.close(seen::add);
        long ends = seen.stream().filter(AnswerEvent.End.class::isInstance).count();
        assertThat(ends).isEqualTo(whole ? 1 : 0);
    }
}

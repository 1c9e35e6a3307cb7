package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.pointsman.core.Secret;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Provider;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.testing.Reaction;
import dev.pointsman.wire.ErrorBody;
import dev.pointsman.wire.Format;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Conversations with tools, pictures and sealed reasoning that change their model at every turn,
 * before providers that refuse all that the real ones refuse.
 */
class ThirtyTurnsTest {

    private static final int TURNS = 30;
    private static final String FOREIGN = "reasoning of another provider";

    /** Old and new ones of each format: what they demand differs. */
    private static final Map<Format, List<String>> MODELS =
            Map.of(
                    Format.ANTHROPIC_MESSAGES, List.of("claude-sonnet-4-5", "claude-haiku-4-5"),
                    Format.OPENAI_CHAT, List.of("gpt-4.1", "gpt-5-mini"),
                    Format.OPENAI_RESPONSES, List.of("gpt-5", "gpt-5.1"),
                    Format.GEMINI, List.of("gemini-3-pro-preview", "gemini-2.5-flash"));

    private final FakeProvider fake = FakeProvider.start();
    private final Map<String, Strict> providers = new LinkedHashMap<>();
    private final Gateway gateway;
    private final List<String> refusals = new ArrayList<>();
    private Optional<ProviderRequest> last = Optional.empty();
    private int turn;

    /** A model at a provider. */
    private record Seat(String provider, String model) {
        String name() {
            return provider + "/" + model;
        }
    }

    ThirtyTurnsTest() {
        Policy.Builder policy = Policy.builtIn().toBuilder();
        for (Format format : Format.values()) {
            for (String number : List.of("one", "two")) {
                String name = name(format, number);
                providers.put(name, Strict.of(format, name));
                policy.provider(
                        Provider.of(name, format, fake.url() + "/" + name)
                                .apiKey(Secret.of(Rig.KEY)));
            }
            MODELS.get(format)
                    .forEach(model -> fake.script(model, new Reaction.Depends(this::react)));
        }
        gateway = Gateway.start(policy.build(), GatewayOptions.local());
    }

    private static String name(Format format, String number) {
        return format.label().replace("-", "") + number;
    }

    @AfterEach
    void close() {
        gateway.close();
        fake.close();
    }

    private Strict asked(ProviderRequest request) {
        return providers.get(request.path().split("/")[1]);
    }

    private Reaction react(ProviderRequest request) {
        Strict provider = asked(request);
        last = Optional.of(request);
        try {
            provider.check(request);
            return Reaction.sends(200, provider.answer(request.model(), turn));
        } catch (Strict.Refused e) {
            refusals.add(e.getMessage());
            byte[] body = ErrorBody.of(provider.format(), 400, e.getMessage());
            return Reaction.sends(400, new String(body, StandardCharsets.UTF_8));
        }
    }

    /** Has a conversation with these seats in turn; what was named as dropped, and how often. */
    private Map<String, Integer> talk(Format caller, List<Seat> seats) throws IOException {
        Agent agent = Agent.of(caller);
        Map<String, Integer> dropped = new LinkedHashMap<>();
        for (turn = 0; turn < TURNS; turn++) {
            if (turn % 3 == 0) {
                agent.user(turn);
            }
            Seat seat = seats.get(turn % seats.size());
            Raw.Answer answer =
                    Raw.post(
                            gateway.port(),
                            agent.path(seat.name()),
                            agent.body(seat.name()),
                            "content-type: application/json",
                            "connection: close");
            String what = caller + " at " + seats + ", turn " + turn;
            assertThat(answer.status()).as(what + answer.text() + refusals).isEqualTo(200);
            intact(agent, last.orElseThrow(), what);
            for (String name : answer.header("x-pointsman-dropped").split(",")) {
                dropped.merge(name.strip(), 1, Integer::sum);
            }
            JsonNode said = Canned.parsed(answer.text());
            agent.works(said, turn);
        }
        dropped.remove("");
        return dropped;
    }

    /** All that was said and done stands in the request, in its order. */
    private static void intact(Agent agent, ProviderRequest request, String what) {
        String text = request.text();
        int at = 0;
        for (String mark : agent.marks()) {
            int next = text.indexOf(mark, at);
            assertThat(next).as(what + ": " + mark + " in " + text).isNotNegative();
            at = next;
        }
        assertThat(text.split(java.util.regex.Pattern.quote(Agent.picture()), -1))
                .as(what)
                .hasSize(
                        1
                                + (int)
                                        agent.marks().stream()
                                                .filter(m -> m.matches("asked-\\d*[02468]\\."))
                                                .count());
        assertThat(text).as(what).doesNotContain("pointsman.", "__seal__");
    }

    private static Seat seat(Format format, String number, int model) {
        return new Seat(name(format, number), MODELS.get(format).get(model));
    }

    @ParameterizedTest
    @EnumSource
    void conversation_changingItsModelAtEveryTurn_isNeverRefused(Format caller) throws IOException {
        for (Format one : Format.values()) {
            for (Format other : Format.values()) {
                refusals.clear();
                List<Seat> seats = List.of(seat(one, "one", 1), seat(other, "two", 0));

                Map<String, Integer> dropped = talk(caller, seats);

                assertThat(dropped.keySet())
                        .allMatch(name -> name.matches("reasoning.*|thinking|input.*(id|status)"));
                boolean unmarked =
                        caller == Format.GEMINI
                                && one == Format.OPENAI_CHAT
                                && other == Format.GEMINI;
                if (one == other || unmarked) {
                    healed(dropped);
                } else {
                    assertThat(refusals).as(caller + " " + seats).isEmpty();
                    assertThat(dropped).containsKey(FOREIGN);
                }
            }
        }
    }

    /** Whose reasoning it is cannot be told, so the provider is asked again without it. */
    private void healed(Map<String, Integer> dropped) {
        assertThat(refusals).hasSizeLessThan(TURNS);
        assertThat(refusals).allMatch(why -> why.matches("(?i).*(signature|encrypted).*"));
        assertThat(dropped.getOrDefault(FOREIGN, 0)).isGreaterThanOrEqualTo(refusals.size());
    }

    @ParameterizedTest
    @EnumSource
    void conversation_changingTheModelOfOneProvider_isNeverRefused(Format caller)
            throws IOException {
        for (Format format : Format.values()) {
            refusals.clear();

            Map<String, Integer> dropped =
                    talk(caller, List.of(seat(format, "one", 0), seat(format, "one", 1)));

            healed(dropped);
        }
    }

    @ParameterizedTest
    @EnumSource
    void conversation_thatStays_losesNoneOfItsReasoning(Format caller) throws IOException {
        for (Format format : Format.values()) {
            boolean travels = caller != Format.OPENAI_CHAT && format != Format.OPENAI_CHAT;
            if (travels) {
                refusals.clear();

                Map<String, Integer> dropped = talk(caller, List.of(seat(format, "one", 0)));

                assertThat(refusals).isEmpty();
                // Gemini's summaries of thoughts have no seal of their own
                if (format != Format.GEMINI) {
                    assertThat(dropped).doesNotContainKeys(FOREIGN, "thinking");
                }
                ProviderRequest request = last.orElseThrow();
                assertThat(asked(request).seals(request))
                        .as(caller + " " + format)
                        .isEqualTo(TURNS - 1);
            }
        }
    }
}

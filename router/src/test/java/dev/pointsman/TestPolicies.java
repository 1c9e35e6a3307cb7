package dev.pointsman;

import dev.pointsman.core.Secret;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.Category;
import dev.pointsman.policy.ClassifySettings;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Provider;
import dev.pointsman.policy.Rule;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.wire.Format;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The founding table, pointed at a fake provider. */
final class TestPolicies {

    /** Clocks that a busy machine does not reach; a test about a clock shortens just that one. */
    static final AttemptLimits PATIENT =
            new AttemptLimits(
                    3,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60));

    private TestPolicies() {}

    static Policy.Builder founding(FakeProvider provider) {
        return Policy.builder()
                .provider(
                        Provider.of("anthropic", Format.ANTHROPIC_MESSAGES, provider.url())
                                .apiKey(Secret.of("sk-ant-test")))
                .provider(
                        Provider.of("openai", Format.OPENAI_CHAT, provider.url() + "/v1")
                                .apiKey(Secret.of("sk-test")))
                .provider(
                        Provider.of("google", Format.GEMINI, provider.url())
                                .apiKey(Secret.of("AIza-test")))
                .category(
                        Category.of(
                                "reasoning",
                                "Architecture, debugging",
                                "anthropic/claude-opus-4-6",
                                "openai/gpt-5.5"))
                .category(
                        Category.of(
                                "generation",
                                "Writing code",
                                "anthropic/claude-sonnet-4-5-20250929"))
                .category(
                        Category.of(
                                "triage",
                                "Classification, summaries",
                                "anthropic/claude-haiku-4-5"))
                .category(Category.of("vision", "Images", "anthropic/claude-sonnet-4-5-20250929"))
                .classify(
                        new ClassifySettings(
                                List.of(
                                        ClassifySettings.Stage.RULES,
                                        ClassifySettings.Stage.TRIAGE),
                                ClassifySettings.Local.DEFAULT,
                                Optional.of(
                                        new ClassifySettings.Triage(
                                                "anthropic/claude-haiku-4-5",
                                                200,
                                                50,
                                                PATIENT.firstContent()))))
                .rule(Rule.When.hasImage(), "vision")
                .attempts(PATIENT);
    }

    /** One category with these models, nothing to classify. */
    static Policy.Builder of(FakeProvider provider, String... models) {
        return founding(provider)
                .classify(ClassifySettings.rules())
                .category(Category.of("generation", "Anything", models));
    }
}

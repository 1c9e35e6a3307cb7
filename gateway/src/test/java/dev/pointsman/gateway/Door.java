package dev.pointsman.gateway;

import dev.pointsman.core.Secret;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Provider;
import dev.pointsman.testing.FakeProvider;

/** Where a test's client knocks, and what of it the provider gets to see. */
interface Door extends AutoCloseable {

    /** Base address as the Anthropic SDK takes it. */
    String anthropic();

    /** Base address as the OpenAI SDK takes it. */
    String openAi();

    /** Base address as the Gemini SDK takes it. */
    String gemini();

    /** How a client names the provider's model of that id; the provider sees the id. */
    String model(Format format, String id);

    /** The key that the provider sees when the client has this one. */
    String keyAtProvider(String clientKey);

    @Override
    void close();

    enum Format {
        ANTHROPIC,
        OPENAI,
        GEMINI
    }

    /** The door that the SDK tests go through: the one place to choose it. */
    static Door to(FakeProvider provider) {
        return Through.to(provider);
    }

    /** Through a gateway, whose policy has a provider of each format there. */
    record Through(Gateway gateway) implements Door {

        static final String KEY = "the-policys-key";

        static Through to(FakeProvider provider) {
            Secret key = Secret.of(KEY);
            Policy policy =
                    Policy.builtIn().toBuilder()
                            .provider(
                                    Provider.of(
                                                    "mock",
                                                    dev.pointsman.wire.Format.OPENAI_CHAT,
                                                    provider.url() + "/v1")
                                            .also(dev.pointsman.wire.Format.OPENAI_RESPONSES)
                                            .apiKey(key))
                            .provider(
                                    Provider.of(
                                                    "mockclaude",
                                                    dev.pointsman.wire.Format.ANTHROPIC_MESSAGES,
                                                    provider.url())
                                            .apiKey(key))
                            .provider(
                                    Provider.of(
                                                    "mockgemini",
                                                    dev.pointsman.wire.Format.GEMINI,
                                                    provider.url())
                                            .apiKey(key))
                            .build();
            return new Through(Gateway.start(policy, GatewayOptions.local()));
        }

        private String url() {
            return "http://127.0.0.1:" + gateway.port();
        }

        @Override
        public String anthropic() {
            return url();
        }

        @Override
        public String openAi() {
            return url() + "/v1";
        }

        @Override
        public String gemini() {
            return url();
        }

        @Override
        public String model(Format format, String id) {
            return switch (format) {
                case ANTHROPIC -> "mockclaude/" + id;
                case OPENAI -> "mock/" + id;
                case GEMINI -> "mockgemini/" + id;
            };
        }

        @Override
        public String keyAtProvider(String clientKey) {
            return KEY;
        }

        @Override
        public void close() {
            gateway.close();
        }
    }
}

package dev.pointsman.gateway;

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
        return new Straight(provider.url());
    }

    /** No gateway in between. */
    record Straight(String url) implements Door {

        @Override
        public String anthropic() {
            return url;
        }

        @Override
        public String openAi() {
            return url + "/v1";
        }

        @Override
        public String gemini() {
            return url;
        }

        @Override
        public String model(Format format, String id) {
            return id;
        }

        @Override
        public String keyAtProvider(String clientKey) {
            return clientKey;
        }

        @Override
        public void close() {
            // nothing of its own
        }
    }
}

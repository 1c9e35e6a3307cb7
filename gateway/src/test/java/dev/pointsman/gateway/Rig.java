package dev.pointsman.gateway;

import dev.pointsman.access.AccessKeys;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Secret;
import dev.pointsman.policy.AttemptLimits;
import dev.pointsman.policy.Category;
import dev.pointsman.policy.GatewaySettings;
import dev.pointsman.policy.GatewaySettings.Limits;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Provider;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.wire.Format;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A gateway before a provider of every format, and what it writes down. */
record Rig(FakeProvider provider, Gateway gateway, BlockingQueue<Entry> entries)
        implements AutoCloseable {

    static final String KEY = "the-policys-own-key";

    static Rig start(Limits limits) {
        return start(GatewaySettings.DEFAULT.limits(limits));
    }

    static Rig start(GatewaySettings settings) {
        FakeProvider provider = FakeProvider.start();
        return start(settings, provider, provider.url());
    }

    static Rig start(AttemptLimits attempts) {
        FakeProvider provider = FakeProvider.start();
        Policy policy = policy(GatewaySettings.DEFAULT, provider.url());
        return start(provider, policy.toBuilder().attempts(attempts).build());
    }

    static Rig start(GatewaySettings settings, FakeProvider provider, String url) {
        return start(provider, policy(settings, url));
    }

    private static Rig start(FakeProvider provider, Policy policy) {
        BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();
        Gateway gateway = Gateway.start(policy, GatewayOptions.local().recorder(entries::add));
        return new Rig(provider, gateway, entries);
    }

    /** One whose policy has these sections too, as a file says them. */
    static Rig start(String sections) {
        return start(sections, AccessKeys.NONE);
    }

    /** The same, for callers with these keys. */
    static Rig start(String sections, AccessKeys keys) {
        FakeProvider provider = FakeProvider.start();
        String url = provider.url();
        String yaml =
                """
                providers:
                  mock: { format: openai-chat, also: [openai-responses], base-url: "%1$s/v1", api-key: "%2$s" }
                  mockclaude: { format: anthropic-messages, base-url: "%1$s", api-key: "%2$s" }
                  mockgemini: { format: gemini, base-url: "%1$s", api-key: "%2$s" }
                categories:
                  work: { description: all there is, models: [mock/one, mock/two] }
                  claude: { description: all there is, models: [mockclaude/one, mockclaude/two] }
                default-category: work
                """
                        .formatted(url, KEY);
        BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();
        Gateway gateway =
                Gateway.start(
                        Policy.parse(yaml + sections, "test"),
                        GatewayOptions.local().recorder(entries::add).keys(keys));
        return new Rig(provider, gateway, entries);
    }

    private static Policy policy(GatewaySettings settings, String url) {
        Secret key = Secret.of(KEY);
        return Policy.builtIn().toBuilder()
                .provider(
                        Provider.of("mock", Format.OPENAI_CHAT, url + "/v1")
                                .also(Format.OPENAI_RESPONSES)
                                .apiKey(key))
                .provider(Provider.of("mockclaude", Format.ANTHROPIC_MESSAGES, url).apiKey(key))
                .provider(Provider.of("mockgemini", Format.GEMINI, url).apiKey(key))
                .clearCategories()
                .category(Category.of("work", "all there is", "mock/one", "mock/two"))
                .category(
                        Category.of("claude", "in that format", "mockclaude/one", "mockclaude/two"))
                .category(
                        Category.of("gemini", "in that format", "mockgemini/one", "mockgemini/two"))
                .defaultCategory("work")
                .gateway(settings)
                .build();
    }

    int port() {
        return gateway.port();
    }

    @Override
    public void close() {
        gateway.close();
        provider.close();
    }
}

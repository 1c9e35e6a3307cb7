package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.core.Failure;
import dev.pointsman.core.RouteException;
import dev.pointsman.core.Secret;
import dev.pointsman.policy.Category;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.Provider;
import dev.pointsman.policy.Setting;
import dev.pointsman.testing.FakeProvider;
import dev.pointsman.testing.ProviderRequest;
import dev.pointsman.testing.TlsIdentity;
import dev.pointsman.wire.Format;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** What a provider may say beside its address: headers, query, proxy, authorities. */
class ProviderOptionsTest {

    @TempDir private Path folder;

    @Test
    void headersAndQuery_ofTheProvider_goWithEveryCall() {
        try (FakeProvider provider = FakeProvider.start()) {
            Provider azure =
                    Provider.of("up", Format.OPENAI_CHAT, provider.url() + "/deployments/x")
                            .header("api-key", Setting.secret(Secret.of("k1")))
                            .header("x-team", Setting.plain("blue"))
                            .query("api-version", Setting.plain("2026-01-01"));
            route(azure);

            ProviderRequest request = provider.requests().getFirst();
            assertThat(request.path())
                    .isEqualTo("/deployments/x/chat/completions?api-version=2026-01-01");
            assertThat(request.header("api-key")).contains("k1");
            assertThat(request.header("x-team")).contains("blue");
        }
    }

    @Test
    void certificate_ofAnAuthorityTheProviderNames_isTrusted() {
        TlsIdentity known = TlsIdentity.make(folder, "localhost");
        try (FakeProvider provider = FakeProvider.startTls(known)) {
            Reply reply = route(up(provider).ca(known.certificate()));

            assertThat(reply.content()).isEqualTo("ok");
        }
    }

    @Test
    void certificate_ofAnUnknownAuthority_isRefusedBeforeAnythingIsSent() {
        TlsIdentity known = TlsIdentity.make(folder, "localhost");
        try (FakeProvider provider = FakeProvider.startTls(known)) {
            assertThatThrownBy(() -> route(up(provider)))
                    .isInstanceOfSatisfying(
                            RouteException.class,
                            failure ->
                                    assertThat(failure.failure().orElseThrow())
                                            .isInstanceOf(Failure.Network.class));
            assertThat(provider.requests()).isEmpty();
        }
    }

    @Test
    void certificate_ofAnotherHost_isRefusedThoughItsAuthorityIsTrusted() {
        TlsIdentity other = TlsIdentity.make(folder, "elsewhere.example");
        try (FakeProvider provider = FakeProvider.startTls(other)) {
            assertThatThrownBy(() -> route(up(provider).ca(other.certificate())))
                    .isInstanceOf(RouteException.class);
            assertThat(provider.requests()).isEmpty();
        }
    }

    @Test
    void proxy_ofTheProvider_isWhereTheCallGoes() {
        try (FakeProvider proxy = FakeProvider.start()) {
            Provider behind =
                    Provider.of("up", Format.OPENAI_CHAT, "http://models.internal:8080/v1")
                            .proxy(
                                    Setting.plain(
                                            proxy.url().replace("http://", "http://user:word@")));
            Reply reply = route(behind);

            assertThat(reply.content()).isEqualTo("ok");
            ProviderRequest request = proxy.requests().getFirst();
            assertThat(request.path()).isEqualTo("http://models.internal:8080/v1/chat/completions");
            assertThat(request.header("proxy-authorization")).contains("Basic dXNlcjp3b3Jk");
        }
    }

    private static Provider up(FakeProvider provider) {
        return Provider.of("up", Format.OPENAI_CHAT, provider.url() + "/v1");
    }

    private static Reply route(Provider provider) {
        Policy policy =
                Policy.builder()
                        .provider(provider)
                        .category(Category.of("generation", "", "up/some-model"))
                        .attempts(TestPolicies.PATIENT)
                        .build();
        try (Router router = Router.of(policy)) {
            return router.route("hello");
        }
    }
}

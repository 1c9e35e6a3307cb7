package dev.pointsman.classify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Who called, by the names the source has. */
class CallerFinderTest {

    private static final String HERE = "dev.pointsman.classify.CallerFinderTest";

    @Test
    void caller_ofAMethod_isItsClassAndName() {
        assertThat(CallerFinder.find()).contains(HERE + ".caller_ofAMethod_isItsClassAndName");
    }

    @Test
    void caller_inALambda_isTheMethodThatHoldsIt() {
        Supplier<Optional<String>> asked = () -> CallerFinder.find();
        assertThat(asked.get()).contains(HERE + ".caller_inALambda_isTheMethodThatHoldsIt");
    }

    @Test
    void caller_inAStreamOrOnAnotherThread_isTheMethodThatHoldsTheLambda() {
        String expected = HERE + ".caller_inAStreamOrOnAnotherThread_isTheMethodThatHoldsTheLambda";
        assertThat(Stream.of(1).map(one -> CallerFinder.find()).findFirst().orElseThrow())
                .contains(expected);
        assertThat(CompletableFuture.supplyAsync(() -> CallerFinder.find()).join())
                .contains(expected);
    }

    @Test
    void caller_behindAProxy_isTheCode() {
        @SuppressWarnings("unchecked")
        Supplier<Optional<String>> proxy =
                (Supplier<Optional<String>>)
                        Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {Supplier.class},
                                (self, method, arguments) -> CallerFinder.find());
        assertThat(proxy.get()).contains(HERE + ".caller_behindAProxy_isTheCode");
    }

    @Test
    void caller_inAnAnonymousOrNestedClass_hasDots() {
        Supplier<Optional<String>> anonymous =
                new Supplier<>() {
                    @Override
                    public Optional<String> get() {
                        return CallerFinder.find();
                    }
                };
        assertThat(anonymous.get()).contains(HERE + ".get");
        assertThat(new Nested().found).contains(HERE + ".Nested.new");
    }

    private static final class Nested {
        private final Optional<String> found = CallerFinder.find();
    }

    @ParameterizedTest
    @CsvSource({
        "com.acme.Billing, send, com.acme.Billing.send",
        "com.acme.Billing$Job, run, com.acme.Billing.Job.run",
        "com.acme.Billing, lambda$send$0, com.acme.Billing.send",
        "com.acme.Billing, lambda$new$3, com.acme.Billing.new",
        "com.acme.Billing, lambda$static$1, com.acme.Billing.static",
        "com.acme.Billing, <init>, com.acme.Billing.new",
        "com.acme.Billing, <clinit>, com.acme.Billing.static",
        "com.acme.Billing$1, call, com.acme.Billing.call",
        "com.acme.Billing$1$2, call, com.acme.Billing.call",
        "com.acme.Billing$$SpringCGLIB$$0, send, com.acme.Billing.send",
        "com.acme.Billing$$EnhancerBySpringCGLIB$$1a2b3c, send, com.acme.Billing.send",
        "com.acme.Billing$$Lambda/0x00007f8a1c0a1234, apply, com.acme.Billing.apply",
        "com.acme.Billing$ByteBuddy$abc, send, com.acme.Billing.send",
        "com.acme.Billing_Subclass, send, com.acme.Billing.send",
        "com.acme.Billing_ClientProxy, send, com.acme.Billing.send",
        "com.acme.My_Billing, my_send, com.acme.My_Billing.my_send",
    })
    void names_thatWereGenerated_areNormalised(String type, String method, String expected) {
        assertThat(CallerFinder.normalised(type, method)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.util.concurrent.ThreadPoolExecutor",
                "jdk.internal.reflect.DirectMethodHandleAccessor",
                "org.springframework.aop.framework.CglibAopProxy",
                "dev.pointsman.Router",
                "io.vertx.core.impl.ContextImpl",
                "kotlinx.coroutines.DispatchedTask"
            })
    void frames_ofFrameworks_areNoCallers(String type) {
        assertThat(CallerFinder.isCaller(type)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "com.acme.billing.*, com.acme.billing.Invoices.send, true",
        "com.acme.billing.*, com.acme.billing.eu.Invoices.send, false",
        "com.acme.billing.**, com.acme.billing.eu.Invoices.send, true",
        "com.acme.billing.Invoices, com.acme.billing.Invoices.send, true",
        "com.acme.billing.Invoices.send, com.acme.billing.Invoices.send, true",
        "com.acme.billing.Invoices.sen, com.acme.billing.Invoices.send, false",
        "**.Invoices, com.acme.billing.Invoices.send, true",
        "com.*.billing.Inv*, com.acme.billing.Invoices.send, true",
        "com.acme.billing, com.acme.billing.Invoices.send, false",
        "com.acmeXbilling.Invoices, com.acme.billing.Invoices.send, false",
        "*, Main.main, true",
        "**, com.acme.Main.main, true",
    })
    void pattern_matchesSegments(String pattern, String caller, boolean expected) {
        assertThat(new CallerPattern(pattern).matches(caller)).isEqualTo(expected);
    }
}

import dev.pointsman.gateway.Gateway;
import dev.pointsman.gateway.GatewayOptions;
import dev.pointsman.policy.Policy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * A gateway within a program, and a client that knows nothing of it but its address. Run it from the project's root once Pointsman is
 * built:
 *
 * <pre>java --enable-native-access=ALL-UNNAMED -cp cli/target/pointsman.jar examples/gateway/CallGateway.java</pre>
 *
 * It practises, so that it needs no key; without {@code practice(true)} models are called.
 */
class CallGateway {

    public static void main(String[] args) throws Exception {
        GatewayOptions options = GatewayOptions.local().practice(true);
        try (Gateway gateway = Gateway.start(Policy.builtIn(), options)) {
            URI address = URI.create("http://127.0.0.1:" + gateway.port() + "/v1/chat/completions");
            String body =
                    """
                    {"model": "auto",
                     "messages": [{"role": "user", "content": "Summarize this error log in one sentence: disk full on db-2"}]}
                    """;
            HttpRequest request =
                    HttpRequest.newBuilder(address)
                            .header("content-type", "application/json")
                            .header("x-pointsman-tag", "job=example")
                            .POST(BodyPublishers.ofString(body))
                            .build();
            HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
            answer.headers().map().forEach((name, values) -> System.out.println(name + ": " + values.getFirst()));
            System.out.println(answer.body());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("the gateway answered " + answer.statusCode());
            }
        }
    }
}

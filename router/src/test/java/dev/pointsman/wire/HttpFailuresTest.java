package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.core.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;

class HttpFailuresTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    400 | {"error":{"type":"invalid_request_error","message":"prompt is too long"}}      | bad_request
                    400 | {"error":{"status":"INVALID_ARGUMENT","message":"API key not valid."}}         | auth
                    400 | {"error":{"message":"Your credit balance is too low"}}                         | quota_exhausted
                    401 | {"error":{"message":"no"}}                                                     | auth
                    402 | {"error":{"message":"Insufficient Balance"}}                                   | quota_exhausted
                    403 | {"error":{"message":"no"}}                                                     | forbidden
                    404 | {"error":{"message":"no such model"}}                                          | not_found
                    408 | {}                                                                             | server_error
                    413 | {}                                                                             | too_large
                    422 | {"error":"bad"}                                                                | bad_request
                    429 | {"error":{"type":"rate_limit_error","message":"slow down"}}                    | rate_limited
                    429 | {"error":{"code":"insufficient_quota","message":"You exceeded your current quota"}} | quota_exhausted
                    500 | {"error":{"message":"oops"}}                                                   | server_error
                    502 | <html>bad gateway</html>                                                       | server_error
                    503 | {"error":{"status":"UNAVAILABLE","message":"busy"}}                            | overloaded
                    529 | {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}    | overloaded
                    301 | ''                                                                             | protocol
                    """)
    void status_withItsBody_isTheRightFailure(int status, String body, String kind) {
        Failure failure = failure(status, Map.of(), body);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.message()).startsWith("HTTP " + status).doesNotContain("html");
    }

    @Test
    void retryAfter_inEveryForm_isRead() {
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(90));
        assertThat(retryAfter(Map.of("retry-after", "7"), "{}")).contains(Duration.ofSeconds(7));
        assertThat(retryAfter(Map.of("retry-after-ms", "250", "retry-after", "7"), "{}"))
                .contains(Duration.ofMillis(250));
        assertThat(retryAfter(Map.of("retry-after", date), "{}").orElseThrow())
                .isBetween(Duration.ofSeconds(80), Duration.ofSeconds(91));
        assertThat(retryAfter(Map.of(), "{\"error\":{\"details\":[{\"retryDelay\":\"3.5s\"}]}}"))
                .contains(Duration.ofMillis(3500));
        assertThat(retryAfter(Map.of("retry-after", "soon"), "{}")).isEmpty();
        assertThat(retryAfter(Map.of("retry-after", "-4"), "{}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Incorrect API key provided: sk-proj-abcdef123456. Find it, sk-proj",
        "bad key sk-ant-api03-secretsecret, secretsecret",
        "Authorization: Bearer abc.def.ghi was refused, abc.def",
        "GET https://example.org/v1?key=AIzaSyDsecret&x=1, AIzaSyDsecret",
        "x-api-key: hunter2hunter2 is wrong, hunter2"
    })
    void message_thatEchoesAKey_isRedacted(String message, String secret) {
        Failure failure = failure(400, Map.of(), "{\"error\":{\"message\":\"" + message + "\"}}");
        assertThat(failure.message()).contains("***").doesNotContain(secret);
    }

    @Test
    void message_longOrWithControlCharacters_isMadeFit() {
        Failure failure =
                failure(
                        400,
                        Map.of(),
                        "{\"error\":{\"message\":\"a\\r\\nSet-Cookie: x"
                                + "y".repeat(1000)
                                + "\"}}");
        assertThat(failure.message())
                .hasSizeLessThan(320)
                .doesNotContain("\r")
                .doesNotContain("\n");
    }

    private static Optional<Duration> retryAfter(Map<String, String> headers, String body) {
        return ((Failure.RateLimited) failure(429, headers, body)).retryAfter();
    }

    private static Failure failure(int status, Map<String, String> headers, String body) {
        return HttpFailures.of(
                status,
                name -> Optional.ofNullable(headers.get(name)),
                body.getBytes(StandardCharsets.UTF_8));
    }
}

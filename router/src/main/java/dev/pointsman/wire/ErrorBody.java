package dev.pointsman.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Failure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Errors in the shape that a format's clients expect. */
public final class ErrorBody {

    private static final int BAD_REQUEST = 400;
    private static final int SPENT = 402;
    private static final int TOO_MANY = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;
    private static final int OVERLOADED = 529;

    private ErrorBody() {}

    /** The body of an error answer. */
    public static byte[] of(Format format, int status, String message) {
        return Json.bytes(json(format, status, message));
    }

    /** The status by which a format's clients know that there is no money left. */
    public static int spentStatus(Format format) {
        return format == Format.ANTHROPIC_MESSAGES ? SPENT : TOO_MANY;
    }

    /** The body of an error answer with {@link #spentStatus}. */
    public static byte[] spent(Format format, String message) {
        return of(format, format == Format.GEMINI ? TOO_MANY : SPENT, message);
    }

    /** An error within a stream that has begun. */
    public static byte[] event(Format format, int status, String message) {
        String event =
                switch (format) {
                    case ANTHROPIC_MESSAGES -> "event: error\ndata: ";
                    case OPENAI_RESPONSES -> "event: error\ndata: ";
                    case OPENAI_CHAT, GEMINI -> "data: ";
                };
        String data =
                format == Format.OPENAI_RESPONSES
                        ? Json.text(
                                Json.object()
                                        .put("type", "error")
                                        .put("code", openAiType(status))
                                        .put("message", message)
                                        .putNull("param"))
                        : Json.text(json(format, status, message));
        return ("\n\n" + event + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /** An error as one more item of a JSON array, which is then left open. */
    public static byte[] item(Format format, int status, String message, boolean first) {
        String text = (first ? "[" : ",\r\n") + Json.text(json(format, status, message));
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The status by which a format's clients know a failure. */
    public static int status(Format format, Failure failure) {
        return switch (failure) {
            case Failure.BadRequest f -> BAD_REQUEST;
            case Failure.Auth f -> 401;
            case Failure.Forbidden f -> 403;
            case Failure.NotFound f -> 404;
            case Failure.TooLarge f -> 413;
            case Failure.RateLimited f -> TOO_MANY;
            case Failure.QuotaExhausted f -> TOO_MANY;
            case Failure.Overloaded f ->
                    format == Format.ANTHROPIC_MESSAGES ? OVERLOADED : UNAVAILABLE;
            case Failure.ServerError f -> BAD_GATEWAY;
            case Failure.Timeout f -> GATEWAY_TIMEOUT;
            case Failure.Network f -> BAD_GATEWAY;
            case Failure.Protocol f -> BAD_GATEWAY;
            case Failure.Truncated f -> BAD_GATEWAY;
            case Failure.Refused f -> BAD_REQUEST;
            case Failure.Cancelled f -> BAD_GATEWAY;
        };
    }

    /** Whether a provider's error body can go to a caller as it is: the format's, without a key. */
    public static boolean isFit(Format format, byte[] body) {
        try {
            boolean shaped = Json.read(body).path("error").isObject();
            return shaped && !Redaction.holdsKey(new String(body, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return false;
        }
    }

    private static ObjectNode json(Format format, int status, String message) {
        ObjectNode json = Json.object();
        switch (format) {
            case ANTHROPIC_MESSAGES ->
                    json.put("type", "error")
                            .putObject("error")
                            .put("type", anthropicType(status))
                            .put("message", message);
            case OPENAI_CHAT, OPENAI_RESPONSES ->
                    json.putObject("error")
                            .put("message", message)
                            .put("type", openAiType(status))
                            .putNull("param")
                            .put("code", openAiCode(status));
            case GEMINI ->
                    json.putObject("error")
                            .put("code", status)
                            .put("message", message)
                            .put("status", googleStatus(status));
        }
        return json;
    }

    private static String anthropicType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case SPENT -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case TOO_MANY -> "rate_limit_error";
            case GATEWAY_TIMEOUT -> "timeout_error";
            case UNAVAILABLE, OVERLOADED -> "overloaded_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    }

    private static String openAiType(int status) {
        if (status == TOO_MANY) {
            return "rate_limit_error";
        }
        if (status == SPENT) {
            return "insufficient_quota";
        }
        return status >= 500 ? "server_error" : "invalid_request_error";
    }

    private static String openAiCode(int status) {
        return switch (status) {
            case 401 -> "invalid_api_key";
            case 404 -> "model_not_found";
            case SPENT -> "insufficient_quota";
            case TOO_MANY -> "rate_limit_exceeded";
            default -> status >= 500 ? "server_error" : "invalid_request";
        };
    }

    private static String googleStatus(int status) {
        return switch (status) {
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case TOO_MANY -> "RESOURCE_EXHAUSTED";
            case 408, GATEWAY_TIMEOUT -> "DEADLINE_EXCEEDED";
            case BAD_GATEWAY, UNAVAILABLE, OVERLOADED -> "UNAVAILABLE";
            default -> status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
        };
    }
}

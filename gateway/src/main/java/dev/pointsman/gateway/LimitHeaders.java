package dev.pointsman.gateway;

import dev.pointsman.call.CallerQuota;
import dev.pointsman.wire.Format;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says that a limit a minute is reached, in the headers that a format's clients know. */
final class LimitHeaders {

    private static final int TOO_MANY = 429;

    private LimitHeaders() {}

    /** To be asked again after a while, unless the request alone is larger than the limit. */
    static Refusal refusal(Format format, String words, CallerQuota.Full full) {
        Map<String, String> headers = new LinkedHashMap<>();
        boolean again = full.bound() != CallerQuota.Bound.TOO_LARGE;
        if (again) {
            headers.put(RetryAfter.SECONDS, RetryAfter.of(full.until()));
        }
        String what = full.bound() == CallerQuota.Bound.REQUESTS ? "requests" : "tokens";
        String limit = Long.toString(full.limit());
        String left = Long.toString(full.left());
        switch (format) {
            case OPENAI_CHAT, OPENAI_RESPONSES -> {
                headers.put("x-ratelimit-limit-" + what, limit);
                headers.put("x-ratelimit-remaining-" + what, left);
                headers.put("x-ratelimit-reset-" + what, RetryAfter.of(full.until()) + "s");
            }
            case ANTHROPIC_MESSAGES -> {
                String name = "anthropic-ratelimit-" + what;
                headers.put(name + "-limit", limit);
                headers.put(name + "-remaining", left);
                headers.put(name + "-reset", moment(full.until()));
            }
            case GEMINI -> {} // It has none.
        }
        return new Refusal(TOO_MANY, words, headers, again);
    }

    private static String moment(Duration wait) {
        return Instant.now().plus(wait).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1).toString();
    }
}

package dev.pointsman.gateway;

import dev.pointsman.core.Failure;
import dev.pointsman.core.Failure.Next;
import dev.pointsman.wire.ErrorBody;
import dev.pointsman.wire.Format;
import dev.pointsman.wire.Headers;

import java.util.Locale;

/** Tells a caller that no model answered, and whether it is of use to ask again. */
final class NoAnswer {

    private static final int OVERLOADED = 529;
    private static final int UNAVAILABLE = 503;
    private static final String SHOULD_RETRY = "x-should-retry";

    private final Reply reply;
    private final Failure failure;
    private final int calls;

    /**
     * @param failure of the last call
     * @param calls made for the request
     */
    NoAnswer(Reply reply, Failure failure, int calls) {
        this.reply = reply;
        this.failure = failure;
        this.calls = calls;
    }

    /** In our words. */
    void tell(String words) {
        failure.retryAfter().ifPresent(wait -> set(RetryAfter.SECONDS, RetryAfter.of(wait)));
        if (!isWorthAsking()) {
            reply.neverAgain();
        }
        reply.error(ErrorBody.status(reply.format(), failure), words);
    }

    /** In the provider's words where they are fit for the caller, else in ours. */
    void tell(AnswerRelay.Refused refused) {
        headers(refused.headers());
        if (refused.status() >= 400 && ErrorBody.isFit(reply.format(), refused.body())) {
            pass(refused.headers(), "request-id");
            pass(refused.headers(), "x-request-id");
            reply.json(status(refused.status()), refused.body());
        } else {
            reply.error(ErrorBody.status(reply.format(), failure), failure.message());
        }
    }

    /**
     * Whether the caller may be told to try again: nobody did so for it, and the work was not done
     * in vain already.
     */
    private boolean isWorthAsking() {
        return calls < 2 && (failure.next() == Next.AGAIN || failure instanceof Failure.Protocol);
    }

    private void headers(Headers said) {
        RetryAfter.pass(said, this::set);
        said.each((name, value) -> {
            if (name.toLowerCase(Locale.ROOT).contains("ratelimit")) {
                set(name, value);
            }
        });
        if (isWorthAsking()) {
            pass(said, SHOULD_RETRY);
        } else {
            reply.neverAgain();
        }
    }

    /** Only Anthropic's clients know that one. */
    private int status(int said) {
        boolean unknown = said == OVERLOADED && reply.format() != Format.ANTHROPIC_MESSAGES;
        return unknown ? UNAVAILABLE : said;
    }

    private void pass(Headers said, String name) {
        said.first(name).ifPresent(value -> set(name, value));
    }

    private void set(String name, String value) {
        reply.response().putHeader(name, value);
    }
}

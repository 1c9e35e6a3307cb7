package dev.pointsman.gateway;

import dev.pointsman.route.SessionKey;
import dev.pointsman.wire.Peek;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

import java.util.List;
import java.util.Optional;

/** Finds out which conversation a request belongs to. */
final class SessionKeys {

    static final String OWN = "x-pointsman-session";

    private static final CharSequence OWN_NAME = HttpHeaders.createOptimized(OWN);

    /** What clients call a run of theirs: Claude Code, opencode, Codex. */
    private static final List<CharSequence> CLIENTS =
            List.of(
                    HttpHeaders.createOptimized("x-claude-code-session-id"),
                    HttpHeaders.createOptimized("x-session-id"),
                    HttpHeaders.createOptimized("x-session-affinity"),
                    HttpHeaders.createOptimized("session_id"),
                    HttpHeaders.createOptimized("session-id"),
                    HttpHeaders.createOptimized("conversation_id"));

    private SessionKeys() {}

    /** What the caller calls its session: by our header, its own, or the key of its cache. */
    static Optional<String> id(Peek peek, MultiMap headers) {
        return own(headers).or(() -> client(headers)).or(peek::cacheKey);
    }

    /**
     * The conversation. Our own header names one; an id of the client's may be shared by many that
     * run side by side, such as those of subagents and of titles, and so may the key of a cache:
     * these tell conversations apart together with how they open.
     *
     * @return empty if nothing tells it from others
     */
    static Optional<SessionKey> of(Peek peek, MultiMap headers, SessionKey.Draft draft) {
        Optional<String> own = own(headers);
        if (own.isPresent()) {
            return Optional.of(draft.id(own.get()).key());
        }
        Optional<String> shared = client(headers).or(peek::cacheKey);
        shared.ifPresent(draft::id);
        boolean opens = peek.opening(draft::piece);
        return opens || shared.isPresent()
                ? Optional.of(draft.id(peek.tools() ? "tools" : "").key())
                : Optional.empty();
    }

    private static Optional<String> own(MultiMap headers) {
        return said(headers, OWN_NAME);
    }

    private static Optional<String> client(MultiMap headers) {
        for (CharSequence name : CLIENTS) {
            Optional<String> said = said(headers, name);
            if (said.isPresent()) {
                return said;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> said(MultiMap headers, CharSequence name) {
        return Optional.ofNullable(headers.get(name)).filter(value -> !value.isBlank());
    }
}

package dev.pointsman.transport;

import dev.pointsman.core.Failure;
import dev.pointsman.core.Secret;
import dev.pointsman.policy.Provider;
import dev.pointsman.policy.Setting;
import dev.pointsman.transport.Transport.Receiver;
import dev.pointsman.wire.Headers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes the very secrets that a call was made with out of a refusal's body, whatever they look
 * like, before anybody reads it: what is told to callers, logged and written down has none. An
 * answer passes as it comes.
 */
final class KeylessErrors implements Receiver {

    /** No more of an error is read by anybody. */
    private static final int LONGEST_ERROR = 64 << 10;

    private static final int FIRST_REFUSAL = 300;

    private final Provider provider;
    private final Receiver receiver;
    private Optional<ByteArrayOutputStream> held = Optional.empty();

    KeylessErrors(Provider provider, Receiver receiver) {
        this.provider = provider;
        this.receiver = receiver;
    }

    @Override
    public void head(int status, Headers headers) {
        if (status >= FIRST_REFUSAL) {
            held = Optional.of(new ByteArrayOutputStream());
        }
        receiver.head(status, headers);
    }

    @Override
    public void bytes(byte[] bytes) {
        if (held.isEmpty()) {
            receiver.bytes(bytes);
            return;
        }
        ByteArrayOutputStream error = held.get();
        error.write(bytes, 0, Math.min(bytes.length, LONGEST_ERROR - error.size()));
    }

    @Override
    public void end() {
        release();
        receiver.end();
    }

    @Override
    public void failed(Failure failure) {
        release();
        receiver.failed(failure);
    }

    private void release() {
        held.filter(error -> error.size() > 0)
                .ifPresent(error -> receiver.bytes(clean(error.toByteArray())));
        held = Optional.empty();
    }

    private byte[] clean(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        String cleaned = secrets().reduce(text, (rest, secret) -> rest.replace(secret, "***"));
        return cleaned.equals(text) ? body : cleaned.getBytes(StandardCharsets.UTF_8);
    }

    private Stream<String> secrets() {
        Stream<Setting> more =
                Stream.concat(
                                provider.headers().entrySet().stream(),
                                provider.query().entrySet().stream())
                        .filter(one -> Provider.soundsSecret(one.getKey()))
                        .map(one -> one.getValue());
        return Stream.concat(provider.apiKey().stream(), more)
                .flatMap(setting -> setting.value().stream())
                .map(Secret::reveal);
    }
}

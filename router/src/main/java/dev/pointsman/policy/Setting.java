package dev.pointsman.policy;

import dev.pointsman.core.Secret;

import java.util.List;
import java.util.Optional;

/**
 * A text of the policy that may come from the environment or be secret. Its {@code toString} never
 * shows the value.
 *
 * @param value the text with every {@code ${NAME}} filled in; empty while one of them is not set
 * @param source what the policy says, such as {@code ${ANTHROPIC_API_KEY}}; {@code ***} where a
 *     secret was written out
 * @param missing the environment variables that are not set
 */
public record Setting(Optional<Secret> value, String source, List<String> missing) {

    /** What need not be said and was not. */
    static final Setting NONE = new Setting(Optional.empty(), "", List.of());

    /** A text that may be shown. */
    public static Setting plain(String text) {
        return new Setting(Optional.of(Secret.of(text)), text, List.of());
    }

    /** A text that must not be shown. */
    public static Setting secret(Secret secret) {
        return new Setting(Optional.of(secret), secret.toString(), List.of());
    }

    /** The same with nothing of it shown but the names of environment variables. */
    Setting masked() {
        return source.contains("${") ? this : new Setting(value, "***", missing);
    }

    /** The same, an address, with its user and password not shown. */
    Setting withoutUser() {
        return new Setting(value, source.replaceFirst("//[^/@]*@", "//***@"), missing);
    }

    /**
     * The text itself, for the one place that sends it.
     *
     * @throws IllegalStateException while an environment variable is not set
     */
    public String reveal() {
        return value.orElseThrow(
                        () -> new IllegalStateException("Not set: " + String.join(", ", missing)))
                .reveal();
    }

    @Override
    public String toString() {
        return source;
    }
}

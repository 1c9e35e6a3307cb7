package dev.pointsman.policy;

import dev.pointsman.core.Secret;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills {@code ${NAME}} from the environment. */
final class Expansion {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

    private final Function<String, Optional<String>> environment;

    /**
     * @param environment a variable's value; empty if it is not set
     */
    Expansion(Function<String, Optional<String>> environment) {
        this.environment = environment;
    }

    /** A text in which every variable must be set. */
    String text(Tree.Scalar scalar) {
        List<String> missing = new ArrayList<>();
        String text = fill(scalar, missing);
        if (!missing.isEmpty()) {
            throw new PolicyException(
                    scalar.mark(),
                    "the environment variable " + Nearest.list(missing) + " is not set");
        }
        return text;
    }

    /** A text in which every variable must be set, and which is shown as it was written. */
    Setting setting(Tree.Scalar scalar) {
        return new Setting(Optional.of(secret(scalar, text(scalar))), scalar.text(), List.of());
    }

    /** A key: a variable in it may be unset, and one written out is not shown. */
    Setting key(Tree.Scalar scalar) {
        List<String> missing = new ArrayList<>();
        String text = fill(scalar, missing);
        Optional<Secret> value =
                missing.isEmpty() ? Optional.of(secret(scalar, text)) : Optional.empty();
        boolean written = !scalar.text().contains("${");
        return new Setting(value, written ? "***" : scalar.text(), missing);
    }

    private static Secret secret(Tree.Scalar scalar, String text) {
        try {
            return Secret.of(text);
        } catch (IllegalArgumentException e) {
            throw new PolicyException(
                    scalar.mark(), "this value cannot be sent: " + e.getMessage());
        }
    }

    private String fill(Tree.Scalar scalar, List<String> missing) {
        Matcher matcher = VARIABLE.matcher(scalar.text());
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new PolicyException(
                        scalar.mark(),
                        "${"
                                + name
                                + "} names no environment variable: letters, digits and"
                                + " underscores");
            }
            Optional<String> value = environment.apply(name).filter(text -> !text.isBlank());
            if (value.isEmpty()) {
                missing.add(name);
            }
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value.orElse("")));
        }
        return matcher.appendTail(filled).toString();
    }
}

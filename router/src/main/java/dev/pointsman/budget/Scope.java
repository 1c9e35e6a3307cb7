package dev.pointsman.budget;

import dev.pointsman.core.Task;

import java.util.Optional;

/** Whose spending a budget holds. */
public sealed interface Scope {

    /** Everybody's together. */
    record Whole() implements Scope {}

    /** Each key's for itself. */
    record EachKey() implements Scope {}

    /** One key's. */
    record Key(String name) implements Scope {}

    /** That of each value of a tag for itself. */
    record EachTag(String key) implements Scope {}

    /** That of one value of a tag. */
    record Tag(String key, String value) implements Scope {}

    /**
     * Reads {@code all}, {@code key}, {@code key:ci}, {@code tag:team} or {@code tag:team=search}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static Scope of(String text) {
        String name = text.substring(text.indexOf(':') + 1);
        int equals = name.indexOf('=');
        if (text.equals("all")) {
            return new Whole();
        } else if (text.equals("key")) {
            return new EachKey();
        } else if (text.startsWith("key:") && !name.isBlank()) {
            return new Key(name);
        } else if (text.startsWith("tag:") && !name.isBlank() && equals != 0) {
            return equals < 0
                    ? new EachTag(name)
                    : new Tag(name.substring(0, equals), name.substring(equals + 1));
        }
        throw new IllegalArgumentException(
                "a budget is of all, key (each of them), key:NAME, tag:NAME (each value of it) or"
                        + " tag:NAME=VALUE, not of \""
                        + text
                        + "\"");
    }

    /** As {@link #of} reads it. */
    default String label() {
        return switch (this) {
            case Whole whole -> Accounts.ALL;
            case EachKey each -> "key";
            case Key key -> Accounts.ofKey(key.name());
            case EachTag each -> "tag:" + each.key();
            case Tag tag -> Accounts.ofTag(tag.key(), tag.value());
        };
    }

    /** Whether it is an account by its name, which goes before one of many. */
    default boolean isNamed() {
        return switch (this) {
            case Whole whole -> true;
            case Key key -> true;
            case Tag tag -> true;
            case EachKey each -> false;
            case EachTag each -> false;
        };
    }

    /** Whether the account is one of this scope. */
    default boolean covers(String account) {
        return switch (this) {
            case Whole whole -> account.equals(label());
            case Key key -> account.equals(label());
            case Tag tag -> account.equals(label());
            case EachKey each -> account.startsWith(label() + ":");
            case EachTag each -> account.startsWith(label() + "=");
        };
    }

    /** The account to which what the task costs is charged; empty if it is none of this scope. */
    default Optional<String> account(Task task) {
        return switch (this) {
            case Whole whole -> Optional.of(Accounts.ALL);
            case EachKey each -> task.key().map(Accounts::ofKey);
            case Key key -> task.key().filter(key.name()::equals).map(Accounts::ofKey);
            case EachTag each ->
                    Optional.ofNullable(task.tags().get(each.key()))
                            .map(value -> Accounts.ofTag(each.key(), value));
            case Tag tag ->
                    Optional.ofNullable(task.tags().get(tag.key()))
                            .filter(tag.value()::equals)
                            .map(value -> Accounts.ofTag(tag.key(), value));
        };
    }
}

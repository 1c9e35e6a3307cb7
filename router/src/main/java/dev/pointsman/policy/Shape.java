package dev.pointsman.policy;

import java.util.List;

/** What a value in a policy file may be. */
sealed interface Shape {

    /** Any text; {@code ${NAME}} in it reads the environment. */
    record Text() implements Shape {}

    /** One of some names. */
    record Choice(List<String> names) implements Shape {}

    record Flag() implements Shape {}

    record Whole(long least, long most) implements Shape {}

    /** A decimal number of 0 or more, with at most nine decimals. */
    record Usd() implements Shape {}

    /** A decimal number from 0 to 1. */
    record Share() implements Shape {}

    /** A decimal number of 0 or more; 1 is the whole. */
    record Ratio() implements Shape {}

    /** A duration such as {@code 500ms}, {@code 2s}, {@code 5m} or {@code 1h}. */
    record Span() implements Shape {}

    /** A duration, or this word. */
    record SpanOr(String word) implements Shape {}

    /** A number of bytes such as {@code 64KB}, {@code 64MB} or {@code 1GB}. */
    record Size(long most) implements Shape {}

    record ListOf(Shape item, int least) implements Shape {}

    /** One value, or a list of them. */
    record OneOrMore(Shape item) implements Shape {}

    /** A mapping whose keys are the user's own names. */
    record MapOf(String keyIs, Shape value) implements Shape {}

    /** A mapping with these keys and no others. */
    record Struct(List<Field> fields) implements Shape {
        List<String> names() {
            return fields.stream().map(Field::name).toList();
        }
    }

    /**
     * A key of a {@link Struct}.
     *
     * @param unless the key in whose presence a required one may be missing; empty if there is none
     */
    record Field(String name, Shape shape, boolean required, String unless, String doc) {}

    static Field field(String name, Shape shape, String doc) {
        return new Field(name, shape, false, "", doc);
    }

    static Field required(String name, Shape shape, String doc) {
        return new Field(name, shape, true, "", doc);
    }

    static Field requiredUnless(String other, String name, Shape shape, String doc) {
        return new Field(name, shape, true, other, doc);
    }
}

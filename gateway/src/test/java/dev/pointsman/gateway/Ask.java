package dev.pointsman.gateway;

import com.fasterxml.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the contract of the formats has each SDK ask. */
record Ask(String model, boolean stream, Set<With> with) {

    static final String QUESTION = "How is the weather in Zürich, and what time is it?";
    static final String RESULT = "21 °C";
    static final byte[] IMAGE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', -1, 0, 62, 63};
    static final byte[] PDF = "%PDF-1.4 ÿ\u0000>?".getBytes(StandardCharsets.ISO_8859_1);

    /** The parameters of the tool {@code weather}. */
    static final Map<String, Object> CITY =
            Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of("city", Map.of("type", "string")),
                    "required",
                    List.of("city"));

    /** The shape of a {@link Report}. */
    static final Map<String, Object> REPORT =
            Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of(
                            "city", Map.of("type", "string"),
                            "celsius", Map.of("type", "number"),
                            "sunny", Map.of("type", "boolean")),
                    "required",
                    List.of("city", "celsius", "sunny"),
                    "additionalProperties",
                    false);

    /** What a request has beside its question. */
    enum With {
        /** The tools {@code weather} and {@code now}. */
        TOOLS,
        /** A search that the provider itself runs. */
        HOSTED_TOOL,
        IMAGE,
        PDF,
        /** An answer shaped as {@link #REPORT}. */
        SCHEMA,
        /** Reasoning that is shown. */
        REASONING,
        /** Something that lives at the provider, which no other format can say. */
        STATE
    }

    static Ask of(String model, boolean stream, With... with) {
        Set<With> all = EnumSet.noneOf(With.class);
        all.addAll(List.of(with));
        return new Ask(model, stream, all);
    }

    boolean has(With some) {
        return with.contains(some);
    }

    /** The same at another model. */
    Ask at(String other) {
        return new Ask(other, stream, with);
    }

    /** What an SDK made of an answer. */
    record Heard(
            String text,
            String reasoning,
            List<Call> calls,
            Stop stop,
            Tokens tokens,
            List<String> dropped,
            Object turn) {}

    /** A call of a tool. */
    record Call(String id, String name, JsonNode arguments) {}

    /** Tokens; reasoning is 0 where none was told. */
    record Tokens(long input, long cached, long output, long reasoning) {}

    /** Why an answer ended. */
    enum Stop {
        END,
        LENGTH,
        TOOLS,
        REFUSED,
        ANOTHER
    }
}

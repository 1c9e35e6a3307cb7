package dev.pointsman.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A parsed policy file in which every value knows where it stands. */
sealed interface Tree {

    Mark mark();

    /** A value: String, Long, BigDecimal or Boolean. */
    record Scalar(Object value, Mark mark) implements Tree {

        String text() {
            return value.toString();
        }
    }

    record Sequence(List<Tree> items, Mark mark) implements Tree {}

    /** Keys in the file's order; {@code keys} says where each stands. */
    record Mapping(Map<String, Tree> values, Map<String, Mark> keys, Mark mark) implements Tree {

        static Mapping empty(Mark mark) {
            return new Mapping(Map.of(), Map.of(), mark);
        }

        /** The value of a key that the shape requires. */
        Tree require(String key) {
            return Objects.requireNonNull(values.get(key), key);
        }

        Optional<Tree> find(String key) {
            return Optional.ofNullable(values.get(key));
        }

        /** This mapping laid over another: what both have is taken from this one. */
        Mapping over(Mapping base) {
            Map<String, Tree> mergedValues = new LinkedHashMap<>(base.values);
            Map<String, Mark> mergedKeys = new LinkedHashMap<>(base.keys);
            mergedValues.putAll(values);
            mergedKeys.putAll(keys);
            return new Mapping(mergedValues, mergedKeys, mark);
        }

        /** The same with what only this one has before the rest. */
        Mapping before(Mapping base) {
            Map<String, Tree> mergedValues = new LinkedHashMap<>();
            values.forEach((key, value) -> {
                if (!base.values.containsKey(key)) {
                    mergedValues.put(key, value);
                }
            });
            Mapping merged = over(base);
            merged.values.forEach(mergedValues::putIfAbsent);
            return new Mapping(mergedValues, merged.keys, mark);
        }

        Mapping with(String key, Tree value, Mark keyMark) {
            Map<String, Tree> more = new LinkedHashMap<>(values);
            Map<String, Mark> moreKeys = new LinkedHashMap<>(keys);
            more.put(key, value);
            moreKeys.put(key, keyMark);
            return new Mapping(more, moreKeys, mark);
        }
    }

    /** What it is, in words. */
    default String kind() {
        return switch (this) {
            case Sequence s -> "a list";
            case Mapping m -> "a mapping";
            case Scalar s when s.value() instanceof Boolean -> "the truth value " + s.value();
            case Scalar s when s.value() instanceof String -> "the text \"" + s.value() + "\"";
            case Scalar s -> "the number " + s.value();
        };
    }

    /** Where the value at a path stands, or the nearest thing above it. */
    default Mark at(List<String> path) {
        if (path.isEmpty()) {
            return mark();
        }
        List<String> rest = path.subList(1, path.size());
        return switch (this) {
            case Scalar scalar -> scalar.mark();
            case Sequence sequence -> {
                int index = Integer.parseInt(path.getFirst());
                yield index < sequence.items().size()
                        ? sequence.items().get(index).at(rest)
                        : sequence.mark();
            }
            case Mapping mapping -> {
                Tree value = mapping.values().get(path.getFirst());
                Mark key = mapping.keys().getOrDefault(path.getFirst(), mapping.mark());
                yield value == null || (rest.isEmpty() && !(value instanceof Scalar))
                        ? key
                        : value.at(rest);
            }
        };
    }
}

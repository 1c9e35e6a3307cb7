package dev.pointsman.policy;

import dev.pointsman.policy.Shape.Field;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Holds a tree against a shape, and says the first thing that does not fit. */
final class ShapeCheck {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,7})(KB|MB|GB)");

    private ShapeCheck() {}

    /**
     * @param where the path to the value, for messages
     */
    static void check(Tree tree, Shape shape, String where) {
        switch (shape) {
            case Shape.Text s -> require(tree instanceof Tree.Scalar, tree, where, "a text");
            case Shape.Choice choice -> checkChoice(tree, choice, where);
            case Shape.Flag s ->
                    require(scalar(tree) instanceof Boolean, tree, where, "true or false");
            case Shape.Whole whole ->
                    require(
                            scalar(tree) instanceof BigDecimal number && isWhole(number, whole),
                            tree,
                            where,
                            "a whole number from " + whole.least() + " to " + whole.most());
            case Shape.Usd s ->
                    require(
                            scalar(tree) instanceof BigDecimal number && isPrice(number),
                            tree,
                            where,
                            "a price in USD per million tokens: 0 or more, at most nine decimals");
            case Shape.Share s ->
                    require(
                            scalar(tree) instanceof BigDecimal number
                                    && number.signum() >= 0
                                    && number.compareTo(BigDecimal.ONE) <= 0,
                            tree,
                            where,
                            "a number from 0 to 1");
            case Shape.Ratio s ->
                    require(
                            scalar(tree) instanceof BigDecimal number && number.signum() >= 0,
                            tree,
                            where,
                            "a share, 0 or more: 0.05 is 5%");
            case Shape.Span s ->
                    require(
                            span(tree).isPresent(),
                            tree,
                            where,
                            "a duration more than zero such as 500ms, 2s, 5m or 1h");
            case Shape.SpanOr or ->
                    require(
                            or.word().equals(scalar(tree)) || span(tree).isPresent(),
                            tree,
                            where,
                            or.word() + ", or a duration more than zero such as 500ms or 2s");
            case Shape.Size most ->
                    require(
                            size(tree).filter(bytes -> bytes <= most.most()).isPresent(),
                            tree,
                            where,
                            "a size from 1KB to "
                                    + (most.most() >> 10)
                                    + "KB such as 64KB or 64MB");
            case Shape.ListOf list -> checkList(tree, list, where);
            case Shape.OneOrMore one -> checkOneOrMore(tree, one, where);
            case Shape.MapOf map -> checkMap(tree, map, where);
            case Shape.Struct struct -> checkStruct(tree, struct, where);
        }
    }

    static Optional<Duration> span(Tree tree) {
        return DurationText.read(tree instanceof Tree.Scalar scalar ? scalar.text() : "")
                .filter(span -> !span.isZero());
    }

    /** Bytes; KB, MB and GB are powers of 1,024. */
    static Optional<Long> size(Tree tree) {
        Matcher matcher = SIZE.matcher(tree instanceof Tree.Scalar scalar ? scalar.text() : "");
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int shift =
                switch (matcher.group(2)) {
                    case "KB" -> 10;
                    case "MB" -> 20;
                    default -> 30;
                };
        return Optional.of(Long.parseLong(matcher.group(1)) << shift).filter(bytes -> bytes > 0);
    }

    private static void checkChoice(Tree tree, Shape.Choice choice, String where) {
        String text = tree instanceof Tree.Scalar scalar ? scalar.text() : "";
        if (!choice.names().contains(text)) {
            throw new PolicyException(
                    tree.mark(),
                    where
                            + " must be "
                            + Nearest.list(choice.names())
                            + ", not "
                            + tree.kind()
                            + Nearest.hint(text, choice.names()));
        }
    }

    private static void checkList(Tree tree, Shape.ListOf list, String where) {
        if (!(tree instanceof Tree.Sequence sequence)) {
            throw wrongType(tree, where, "a list");
        }
        if (sequence.items().size() < list.least()) {
            throw new PolicyException(
                    tree.mark(), where + " must have at least " + list.least() + " item");
        }
        int index = 0;
        for (Tree item : sequence.items()) {
            check(item, list.item(), where + "[" + index++ + "]");
        }
    }

    private static void checkOneOrMore(Tree tree, Shape.OneOrMore one, String where) {
        if (tree instanceof Tree.Sequence) {
            checkList(tree, new Shape.ListOf(one.item(), 1), where);
        } else {
            check(tree, one.item(), where);
        }
    }

    private static void checkMap(Tree tree, Shape.MapOf map, String where) {
        if (!(tree instanceof Tree.Mapping mapping)) {
            throw wrongType(tree, where, "a mapping of " + map.keyIs() + " to value");
        }
        mapping.values().forEach((key, value) -> check(value, map.value(), where + "." + key));
    }

    private static void checkStruct(Tree tree, Shape.Struct struct, String where) {
        if (!(tree instanceof Tree.Mapping mapping)) {
            throw wrongType(tree, where, "a mapping with " + Nearest.list(struct.names()));
        }
        String prefix = where.isEmpty() ? "" : where + ".";
        mapping.keys()
                .forEach((key, mark) -> {
                    if (!struct.names().contains(key)) {
                        throw new PolicyException(
                                mark,
                                (where.isEmpty() ? "a policy" : where)
                                        + " has no key \""
                                        + key
                                        + "\""
                                        + Nearest.hint(key, struct.names())
                                        + " (it takes "
                                        + Nearest.list(struct.names())
                                        + ")");
                    }
                });
        for (Field field : struct.fields()) {
            Optional<Tree> value = mapping.find(field.name());
            if (value.isPresent()) {
                check(value.get(), field.shape(), prefix + field.name());
            } else if (field.required() && mapping.find(field.unless()).isEmpty()) {
                throw new PolicyException(
                        tree.mark(), where + " lacks \"" + field.name() + "\": " + field.doc());
            }
        }
    }

    private static void require(boolean fits, Tree tree, String where, String expected) {
        if (!fits) {
            throw wrongType(tree, where, expected);
        }
    }

    private static PolicyException wrongType(Tree tree, String where, String expected) {
        return new PolicyException(
                tree.mark(), where + " must be " + expected + ", not " + tree.kind());
    }

    private static Object scalar(Tree tree) {
        return tree instanceof Tree.Scalar scalar ? scalar.value() : List.of();
    }

    private static boolean isWhole(BigDecimal number, Shape.Whole whole) {
        return number.stripTrailingZeros().scale() <= 0
                && number.compareTo(BigDecimal.valueOf(whole.least())) >= 0
                && number.compareTo(BigDecimal.valueOf(whole.most())) <= 0;
    }

    private static boolean isPrice(BigDecimal number) {
        return number.signum() >= 0
                && number.stripTrailingZeros().scale() <= 9
                && number.compareTo(BigDecimal.valueOf(1_000_000)) <= 0;
    }
}

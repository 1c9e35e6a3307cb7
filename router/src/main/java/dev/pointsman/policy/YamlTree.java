package dev.pointsman.policy;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads YAML into a {@link Tree}. */
final class YamlTree {

    private final String file;
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private YamlTree(String file) {
        this.file = file;
    }

    static Tree.Mapping parse(String yaml, String file) {
        Mark start = new Mark(file, 1, 1);
        Optional<Node> root;
        try {
            root = new Compose(LoadSettings.builder().setLabel(file).build()).composeString(yaml);
        } catch (MarkedYamlEngineException e) {
            throw new PolicyException(
                    e.getProblemMark().map(mark -> mark(file, mark)).orElse(start),
                    "this is no YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new PolicyException(start, "this is no YAML: " + e.getMessage());
        }
        if (root.isEmpty() || root.get().getTag().equals(Tag.NULL)) {
            return Tree.Mapping.empty(start);
        }
        Tree tree = new YamlTree(file).tree(root.get());
        if (tree instanceof Tree.Mapping mapping) {
            return mapping;
        }
        throw new PolicyException(
                tree.mark(), "a policy is a mapping of sections, not " + tree.kind());
    }

    private Tree tree(Node node) {
        Mark mark = mark(node);
        if (!open.add(node)) {
            throw new PolicyException(
                    mark, "this anchor holds itself: a policy cannot go in a cycle");
        }
        Tree tree =
                switch (node) {
                    case ScalarNode scalar -> scalar(scalar, mark);
                    case SequenceNode sequence ->
                            new Tree.Sequence(
                                    sequence.getValue().stream().map(this::tree).toList(), mark);
                    case MappingNode mapping -> mapping(mapping, mark);
                    default ->
                            throw new PolicyException(
                                    mark, "this kind of YAML is not understood here");
                };
        open.remove(node);
        return tree;
    }

    private Tree.Mapping mapping(MappingNode node, Mark mark) {
        Map<String, Tree> values = new LinkedHashMap<>();
        Map<String, Mark> keys = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new PolicyException(mark(tuple.getKeyNode()), "a key must be a name");
            }
            Mark first = keys.get(key.getValue());
            if (first != null) {
                throw new PolicyException(
                        mark(key),
                        "\""
                                + key.getValue()
                                + "\" stands here twice; first at line "
                                + first.line());
            }
            keys.put(key.getValue(), mark(key));
            values.put(key.getValue(), tree(tuple.getValueNode()));
        }
        return new Tree.Mapping(values, keys, mark);
    }

    private static Tree.Scalar scalar(ScalarNode node, Mark mark) {
        String text = node.getValue();
        Tag tag = node.getTag();
        try {
            if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
                return new Tree.Scalar(new BigDecimal(text), mark);
            }
        } catch (NumberFormatException e) {
            return new Tree.Scalar(text, mark);
        }
        if (tag.equals(Tag.BOOL)) {
            return new Tree.Scalar(Boolean.valueOf(text), mark);
        }
        return new Tree.Scalar(text, mark);
    }

    private Mark mark(Node node) {
        return node.getStartMark().map(mark -> mark(file, mark)).orElse(new Mark(file, 1, 1));
    }

    private static Mark mark(String file, org.snakeyaml.engine.v2.exceptions.Mark mark) {
        return new Mark(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}

package dev.pointsman.classify.local;

/**
 * A text whose category is known.
 *
 * @param group what it belongs to (a source, a team, a template): how well a model carries over is
 *     only seen on groups it has not learnt from
 */
public record Labelled(String text, String category, String group) {}

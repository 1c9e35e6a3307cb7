package dev.pointsman.wire;

/**
 * One event of a {@code text/event-stream}.
 *
 * @param name the event's type; empty if none was given
 * @param data its data lines, joined by line feeds
 */
public record ServerSentEvent(String name, String data) {}

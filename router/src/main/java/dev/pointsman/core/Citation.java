package dev.pointsman.core;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a piece of an answer was found.
 *
 * @param url the page's address
 * @param quote the words found there
 * @param from where the piece begins in the answer's text, in UTF-16 characters; empty if not told
 * @param to where it ends
 */
public record Citation(
        String url,
        Optional<String> title,
        Optional<String> quote,
        OptionalInt from,
        OptionalInt to) {}

package dev.pointsman.bench;

import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Texts of a given size, no two alike, cut from the prompts that the project has for training: they
 * have the words, code, tables and lines of what people send. The same seed gives the same texts.
 * Not thread-safe.
 *
 * <p>A token here is a word or a sign that stands alone.
 */
final class BenchmarkTexts {

    private static final Path PROMPTS = Path.of("training/src/main/prompts");

    private final List<String> prompts = new ArrayList<>();
    private final Random random;

    /**
     * @throws IOException if the working directory is not the project's
     */
    BenchmarkTexts(long seed) throws IOException {
        this.random = new Random(seed);
        ObjectMapper mapper = new ObjectMapper();
        try (Stream<Path> files = Files.list(PROMPTS)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".jsonl")).sorted().toList()) {
                for (String line : Files.readAllLines(file)) {
                    prompts.add(mapper.readTree(line).path("text").asText());
                }
            }
        }
    }

    /** So many texts of so many tokens. */
    List<String> ofTokens(int count, int tokens) {
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String text = joined(tokens * 4);
            int end = end(text, tokens);
            while (end < 0) {
                text += "\n\n" + joined(tokens * 4);
                end = end(text, tokens);
            }
            texts.add(text.substring(0, end));
        }
        return texts;
    }

    /** So many texts of so many characters. */
    List<String> ofLength(int count, int length) {
        return Stream.generate(() -> joined(length).substring(0, length)).limit(count).toList();
    }

    /** Categories with examples of 12 tokens. */
    Map<String, List<String>> categories(int count, int examples) {
        Map<String, List<String>> categories = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            categories.put("category-" + i, ofTokens(examples, 12));
        }
        return categories;
    }

    /** Prompts one after another, until they have that length. */
    private String joined(int length) {
        StringBuilder text = new StringBuilder(prompts.get(random.nextInt(prompts.size())));
        while (text.length() < length) {
            text.append("\n\n").append(prompts.get(random.nextInt(prompts.size())));
        }
        return text.toString();
    }

    /** Where the last of so many tokens ends; below zero if there are not so many. */
    private static int end(String text, int tokens) {
        int seen = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (Character.isWhitespace(c)) {
                continue;
            }
            if (Character.isLetterOrDigit(c)) {
                while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
                    at++;
                }
            }
            if (++seen == tokens) {
                return at;
            }
        }
        return -1;
    }
}

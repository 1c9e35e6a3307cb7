package dev.pointsman.classify.local;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What the word vectors are regressed onto: texts, and their sentences. */
final class Sentences {

    private static final int LONGEST = 800;
    private static final int SHORTEST = 12;
    private static final Pattern ENDS = Pattern.compile("(?<=[.!?])\\s+|\n+");

    private Sentences() {}

    static List<String> of(List<String> texts) {
        Set<String> sentences = new LinkedHashSet<>();
        for (String text : texts) {
            sentences.add(cut(text));
            for (String sentence : ENDS.split(text)) {
                if (sentence.length() >= SHORTEST) {
                    sentences.add(cut(sentence));
                }
            }
        }
        return new ArrayList<>(sentences);
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }
}

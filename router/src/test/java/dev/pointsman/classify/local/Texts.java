package dev.pointsman.classify.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts of all kinds: prompts, any code points, halves of pairs, long and short. */
final class Texts {

    private static final String[] WORDS = {
        "Write",
        "summarize",
        "the",
        "image",
        "Why",
        "does",
        "it",
        "fail",
        "?",
        ":",
        "\n",
        "```",
        "List<String>",
        "{",
        "}",
        "42",
        "résumé",
        "a)",
        "- ",
        "\tat a.B.c(B.java:1)",
        "translate",
        "positive",
        "or",
        "negative",
        "please",
        "!",
        "ПРИВЕТ",
        "漢字"
    };

    private Texts() {}

    static List<String> random(int count, long seed) {
        Random random = new Random(seed);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(random(random));
        }
        return texts;
    }

    private static String random(Random random) {
        int length = random.nextInt(20) == 0 ? random.nextInt(9_000) : random.nextInt(200);
        int kind = random.nextInt(4);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            switch (kind) {
                case 0 -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
                case 1 -> text.append((char) random.nextInt(Character.MAX_VALUE + 1));
                case 2 -> text.append((char) random.nextInt(0x600));
                default -> text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
            }
        }
        return text.toString();
    }
}

package dev.pointsman.classify.local;

import java.util.random.RandomGenerator;

/** Texts as hasty hands write them. */
public final class Typos {

    private static final String KEYS = "qwertyuiopasdfghjklzxcvbnm";

    private Typos() {}

    /**
     * A text in which each letter is, at that rate, left out, doubled, swapped with the next or
     * replaced by another.
     *
     * @param rate from 0 to 1
     */
    public static String in(String text, double rate, RandomGenerator random) {
        StringBuilder typed = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isLetter(c) || random.nextDouble() >= rate) {
                typed.append(c);
                continue;
            }
            switch (random.nextInt(4)) {
                case 0 -> {}
                case 1 -> typed.append(c).append(c);
                case 2 -> {
                    if (i + 1 < text.length() && Character.isLetter(text.charAt(i + 1))) {
                        typed.append(text.charAt(++i));
                    }
                    typed.append(c);
                }
                default -> typed.append(KEYS.charAt(random.nextInt(KEYS.length())));
            }
        }
        return typed.toString();
    }
}

package dev.pointsman.policy;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the name somebody probably meant. */
public final class Nearest {

    private Nearest() {}

    /** The known name nearest to a wrong one; empty if none is near. */
    public static Optional<String> to(String wrong, Collection<String> known) {
        String best = "";
        double bestScore = Double.MAX_VALUE;
        for (String name : known) {
            double score = score(wrong.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (score < bestScore) {
                bestScore = score;
                best = name;
            }
        }
        return bestScore <= Math.max(2, wrong.length() / 3.0)
                ? Optional.of(best)
                : Optional.empty();
    }

    /** {@code ; did you mean "models"?}, or nothing if no name is near. */
    static String hint(String wrong, Collection<String> known) {
        return to(wrong, known).map(name -> "; did you mean \"" + name + "\"?").orElse("");
    }

    /**
     * The distance, a name that ends with the wrong one (a model without its provider) counting as
     * near.
     */
    private static double score(String wrong, String name) {
        return name.endsWith("/" + wrong) ? 0.5 : distance(wrong, name);
    }

    /**
     * Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, each
     * counting one.
     */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] =
                        Math.min(
                                Math.min(cost[i - 1][j], cost[i][j - 1]) + 1,
                                cost[i - 1][j - 1] + substitution);
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }

    /** Names for a person: {@code a, b or c}. */
    static String list(List<String> names) {
        return switch (names.size()) {
            case 0 -> "nothing";
            case 1 -> names.getFirst();
            default ->
                    String.join(", ", names.subList(0, names.size() - 1))
                            + " or "
                            + names.getLast();
        };
    }
}

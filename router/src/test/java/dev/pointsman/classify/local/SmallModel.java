package dev.pointsman.classify.local;

import java.util.ArrayList;
import java.util.List;

/** A model trained in seconds, on five categories of its own, so that weights fill two groups. */
final class SmallModel {

    private static final List<List<String>> WORDS =
            List.of(
                    List.of("contract", "clause", "liability", "lease", "warranty", "court"),
                    List.of("fever", "cough", "allergy", "pulse", "headache", "vaccine"),
                    List.of("striker", "goalkeeper", "penalty", "league", "referee", "tackle"),
                    List.of("flour", "oven", "butter", "recipe", "dough", "simmer"),
                    List.of("galaxy", "comet", "telescope", "orbit", "nebula", "eclipse"));

    static final List<String> CATEGORIES = List.of("law", "health", "football", "kitchen", "space");

    private SmallModel() {}

    /** Texts with their categories, in two groups. */
    static List<Labelled> rows() {
        List<Labelled> rows = new ArrayList<>();
        for (int k = 0; k < CATEGORIES.size(); k++) {
            List<String> words = WORDS.get(k);
            for (int i = 0; i < words.size(); i++) {
                rows.add(
                        new Labelled(
                                "Tell me about the "
                                        + words.get(i)
                                        + " and the "
                                        + words.get((i + 1) % words.size()),
                                CATEGORIES.get(k),
                                "group " + i % 2));
            }
        }
        return rows;
    }

    /** The same one for all tests of a run. */
    static LocalModel get() {
        return Once.MODEL;
    }

    private static final class Once {
        private static final LocalModel MODEL =
                new HeadTrainer(LocalModel.builtIn(), false)
                        .train("small", rows(), fold -> {})
                        .model();
    }
}

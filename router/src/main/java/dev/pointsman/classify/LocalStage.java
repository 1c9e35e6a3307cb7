package dev.pointsman.classify;

import dev.pointsman.classify.local.Explanation;
import dev.pointsman.classify.local.LocalModel;
import dev.pointsman.classify.local.OwnCategories;
import dev.pointsman.classify.local.Verdict;
import dev.pointsman.core.Classification;
import dev.pointsman.core.Classification.Source;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Task;
import dev.pointsman.policy.Category;
import dev.pointsman.policy.Policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Classifies on this machine: by the policy's own examples, and by the model for those names of its
 * that the policy defines without examples. Immutable and thread-safe.
 */
final class LocalStage {

    private static final String VISION = "vision";

    /** The probability from which a text is taken to belong to a category with examples. */
    private static final double IN_SCOPE = 0.5;

    private static final List<String> BY_EXAMPLES = List.of("nearest to its examples");
    private static final Classification BY_IMAGE =
            new Classification(VISION, 1, Source.LOCAL, List.of("an image is attached"), false);

    private final double threshold;
    private final Set<String> learnt;
    private final LocalModel model;
    private final Optional<OwnCategories> own;
    private final boolean images;
    private final List<String> byModel;

    private LocalStage(Policy policy, LocalModel model) {
        this.threshold = policy.classify().local().threshold();
        this.model = model;
        this.learnt = new LinkedHashSet<>();
        Map<String, List<String>> examples = new LinkedHashMap<>();
        for (Category category : policy.categories().values()) {
            if (!category.examples().isEmpty()) {
                examples.put(category.name(), examples(category));
            } else if (model.categories().contains(category.name())) {
                learnt.add(category.name());
            }
        }
        this.own =
                examples.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new OwnCategories(model, examples));
        this.images = policy.categories().containsKey(VISION);
        this.byModel = List.of("the classifier " + model.name());
    }

    /** Ready to be used by that policy; reads the model. */
    static LocalStage of(Policy policy) {
        return new LocalStage(
                policy,
                policy.classify()
                        .local()
                        .model()
                        .map(LocalStage::load)
                        .orElseGet(LocalModel::builtIn));
    }

    private static LocalModel load(Path file) {
        try {
            return LocalModel.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException("classify.local.model: " + e.getMessage(), e);
        }
    }

    /**
     * The best category, marked unsure below the threshold; empty if the policy has none that could
     * be known here.
     */
    Optional<Classification> classify(Task task) {
        return known(task, false);
    }

    /** The same with all that spoke for and against; slower, and quotes the task. */
    Optional<Classification> explain(Task task) {
        return known(task, true);
    }

    private Optional<Classification> known(Task task, boolean explained) {
        if (images && task.needs(Ability.IMAGE_INPUT)) {
            return Optional.of(BY_IMAGE);
        }
        String intent = Intent.of(task);
        Optional<OwnCategories.Match> match = own.map(categories -> categories.match(intent));
        if (match.isPresent() && (match.get().inScope() >= IN_SCOPE || learnt.isEmpty())) {
            return Optional.of(
                    classification(
                            match.get().verdict(),
                            explained ? words(match.get(), true) : BY_EXAMPLES));
        }
        if (learnt.isEmpty()) {
            return Optional.empty();
        }
        List<String> evidence = byModel;
        if (explained) {
            evidence = new ArrayList<>();
            match.map(far -> words(far, false)).ifPresent(evidence::addAll);
            evidence.addAll(Explanation.of(model, intent, learnt).lines());
        }
        return Optional.of(classification(model.classify(intent, learnt), evidence));
    }

    private static List<String> words(OwnCategories.Match match, boolean taken) {
        Verdict verdict = match.verdict();
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "belongs to a category with examples: %.2f%s",
                        match.inScope(),
                        taken ? "" : ", so none of them"));
        lines.add("nearest example, of " + verdict.category() + ": \"" + match.example() + "\"");
        if (taken && !verdict.runnerUp().equals(verdict.category())) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "next %s %.2f",
                            verdict.runnerUp(),
                            verdict.runnerUpConfidence()));
        }
        return lines;
    }

    private Classification classification(Verdict verdict, List<String> evidence) {
        double confidence = Math.min(1, Math.max(0, verdict.confidence()));
        return new Classification(
                verdict.category(), confidence, Source.LOCAL, evidence, confidence < threshold);
    }

    private static List<String> examples(Category category) {
        List<String> examples = new ArrayList<>(category.examples());
        if (!category.description().isBlank()) {
            examples.add(category.description());
        }
        return examples;
    }
}

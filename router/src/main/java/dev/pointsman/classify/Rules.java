package dev.pointsman.classify;

import dev.pointsman.core.Classification;
import dev.pointsman.core.Classification.Source;
import dev.pointsman.core.Model.Ability;
import dev.pointsman.core.Task;
import dev.pointsman.policy.Rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A policy's rules, ready to be held against tasks. Immutable and thread-safe. */
final class Rules {

    private final List<Compiled> rules;
    private final boolean needCaller;

    Rules(List<Rule> rules) {
        this.rules =
                IntStream.range(0, rules.size())
                        .mapToObj(i -> Compiled.of(rules.get(i), i + 1))
                        .toList();
        this.needCaller = this.rules.stream().anyMatch(rule -> !rule.callers.isEmpty());
    }

    /** Whether any rule asks who calls. */
    boolean needCaller() {
        return needCaller;
    }

    /** The first rule that holds. */
    Optional<Classification> classify(Task task, long estimatedInput) {
        String prompt = task.prompt();
        int begin = 0;
        while (begin < prompt.length() && Character.isWhitespace(prompt.charAt(begin))) {
            begin++;
        }
        for (Compiled rule : rules) {
            if (rule.holds(task, prompt, begin, estimatedInput)) {
                return Optional.of(rule.classification(prompt, begin));
            }
        }
        return Optional.empty();
    }

    /**
     * @param classifications one for each text of {@code starts-with}, or the only one
     */
    private record Compiled(
            Rule rule, List<CallerPattern> callers, List<Classification> classifications) {

        static Compiled of(Rule rule, int number) {
            List<String> beginnings = rule.when().startsWith();
            return new Compiled(
                    rule,
                    rule.when().callers().stream().map(CallerPattern::new).toList(),
                    beginnings.isEmpty()
                            ? List.of(classification(rule, number, ""))
                            : beginnings.stream()
                                    .map(text -> classification(rule, number, text))
                                    .toList());
        }

        private static Classification classification(Rule rule, int number, String beginning) {
            return new Classification(
                    rule.category(),
                    1,
                    Source.RULE,
                    List.of("rule " + number + ": " + words(rule.when(), beginning)),
                    false);
        }

        Classification classification(String prompt, int begin) {
            return classifications.get(
                    Math.max(0, beginning(prompt, begin, rule.when().startsWith())));
        }

        boolean holds(Task task, String prompt, int begin, long estimatedInput) {
            Rule.When when = rule.when();
            return (!when.image() || task.needs(Ability.IMAGE_INPUT))
                    && (when.startsWith().isEmpty()
                            || beginning(prompt, begin, when.startsWith()) >= 0)
                    && (when.tags().isEmpty() || hasAll(task.tags(), when.tags()))
                    && (callers.isEmpty() || calledByOne(task))
                    && (when.tokensOver().isEmpty()
                            || estimatedInput > when.tokensOver().getAsLong())
                    && (when.tokensUnder().isEmpty()
                            || estimatedInput < when.tokensUnder().getAsLong())
                    && (when.contains().isEmpty() || containsOne(prompt, when.contains()));
        }

        private boolean calledByOne(Task task) {
            String caller = task.caller().orElse("");
            for (CallerPattern pattern : callers) {
                if (pattern.matches(caller)) {
                    return true;
                }
            }
            return false;
        }

        /** Which of the texts the prompt begins with; -1 if with none. */
        private static int beginning(String prompt, int begin, List<String> prefixes) {
            for (int i = 0; i < prefixes.size(); i++) {
                String prefix = prefixes.get(i);
                if (prompt.regionMatches(true, begin, prefix, 0, prefix.length())) {
                    return i;
                }
            }
            return -1;
        }

        private static boolean containsOne(String prompt, List<String> texts) {
            for (String text : texts) {
                for (int at = 0; at <= prompt.length() - text.length(); at++) {
                    if (prompt.regionMatches(true, at, text, 0, text.length())) {
                        return true;
                    }
                }
            }
            return false;
        }

        private static boolean hasAll(Map<String, String> tags, Map<String, String> wanted) {
            for (Map.Entry<String, String> tag : wanted.entrySet()) {
                if (!tag.getValue().equals(tags.get(tag.getKey()))) {
                    return false;
                }
            }
            return true;
        }

        private static String words(Rule.When when, String beginning) {
            List<String> words = new ArrayList<>();
            if (!when.callers().isEmpty()) {
                words.add("called by " + String.join(" or ", when.callers()));
            }
            if (!when.tags().isEmpty()) {
                words.add("tagged " + when.tags());
            }
            if (when.image()) {
                words.add("has an image");
            }
            if (!beginning.isEmpty()) {
                words.add("starts with \"" + beginning + "\"");
            }
            if (!when.contains().isEmpty()) {
                words.add("contains " + shortened(when.contains()));
            }
            when.tokensOver().ifPresent(tokens -> words.add("more than " + tokens + " tokens"));
            when.tokensUnder().ifPresent(tokens -> words.add("fewer than " + tokens + " tokens"));
            return String.join(", ", words);
        }

        private static String shortened(List<String> texts) {
            int shown = Math.min(3, texts.size());
            String list = "\"" + String.join("\" or \"", texts.subList(0, shown)) + "\"";
            return texts.size() > shown ? list + " or " + (texts.size() - shown) + " others" : list;
        }
    }
}

package dev.pointsman.classify.local;

import java.util.List;

/** Words that say what kind of task it is, in groups; a word may stand in several. */
final class Lexicon {

    /** The groups' names, for explanations; a group is a bit. */
    static final List<String> GROUPS =
            List.of(
                    "a verb of making",
                    "a verb of sorting",
                    "a verb of shortening",
                    "a verb of changing a text",
                    "a verb of finding in a text",
                    "a verb of judging",
                    "a verb of solving",
                    "a question word",
                    "why or how",
                    "a word for code",
                    "a word for a text to be made",
                    "a word for mistakes",
                    "a word for design",
                    "a word for amounts",
                    "a word for pictures",
                    "a word for labels",
                    "a request to be brief",
                    "a part to be played");

    private static final String[] WORDS = {
        "write create generate draft compose implement build develop make design produce craft code"
                + " program script invent brainstorm imagine prepare construct refactor add convert"
                + " port extend complete continue continua schreibe escribe crea ecris",
        "classify categorize categorise label tag sort route assign triage detect identify"
                + " determine rate score predict choose select pick match flag recognize group",
        "summarize summarise shorten condense abstract outline recap tldr summary boil digest",
        "translate rewrite rephrase paraphrase correct fix proofread edit convert normalize"
                + " normalise reword simplify transform change replace format reformat expand",
        "extract find list name give get pull return locate mention mentioned state answer"
            + " according passage paragraph context article sentence text following given provided",
        "review analyze analyse evaluate assess compare audit critique investigate examine inspect"
                + " judge weigh recommend consider debug diagnose troubleshoot",
        "solve calculate compute prove derive find determine deduce infer estimate work show"
                + " optimize optimise maximize minimize",
        "what who when where which whose whom is are was were does do did can could has have was"
                + " quel wer was wann",
        "why how explain reason cause because warum",
        "function method class java python javascript typescript sql html css code program script"
                + " algorithm api endpoint json yaml regex query unit test tests react rust c go"
                + " golang kotlin bash docker library array string list integer docstring def"
                + " return import public void const let",
        "story poem essay email letter article blog post song lyrics script speech dialogue scene"
                + " character tweet caption headline slogan newsletter report proposal plan guide"
                + " tutorial description paragraph haiku novel chapter recipe itinerary cv resume"
                + " readme documentation",
        "bug error exception stack trace crash crashes fails failing failure wrong broken incorrect"
                + " slow leak race deadlock timeout vulnerable vulnerability security unsafe issue"
                + " problem nullpointerexception traceback regression",
        "architecture architect design tradeoff tradeoffs trade approach strategy scale scalable"
                + " decision options should would better best pros cons versus vs migrate migration"
                + " choose roadmap policy",
        "many much total sum average percent percentage rate ratio cost price each per half twice"
                + " times number distance speed km hours minutes dollars probability equation angle"
                + " triangle integer value less more remaining left age older",
        "image images picture photo screenshot diagram chart graph figure drawing scan photograph"
                + " pictured shown attached uploaded snapshot",
        "positive negative neutral sentiment category categories label labels class options option"
                + " entailment contradiction spam toxic intent topic true false yes no hypothesis"
                + " premise choices statement polarity tone",
        "one sentence brief briefly short single word only concise concisely bullet bullets points"
                + " just quickly quick words key",
        "you your youre act role pretend persona imagine play character roleplay expert assistant"
                + " step shoes"
    };

    private static final int SLOTS = 4096;
    private static final long[] KEYS = new long[SLOTS];
    private static final int[] MASKS = new int[SLOTS];

    /** A bit a slot: most words are told by it to be in no group, and it stays in the cache. */
    private static final long[] TAKEN = new long[SLOTS / Long.SIZE];

    static {
        for (int group = 0; group < WORDS.length; group++) {
            for (String word : WORDS[group].split(" ")) {
                int slot = slot(Hashing.of(word));
                KEYS[slot] = Hashing.of(word);
                MASKS[slot] |= 1 << group;
                TAKEN[slot / Long.SIZE] |= 1L << slot;
            }
        }
    }

    private Lexicon() {}

    /** The groups that a word stands in, a bit each. */
    static int groups(long hash) {
        int first = first(hash);
        boolean taken = (TAKEN[first / Long.SIZE] >>> first & 1) != 0;
        return taken ? MASKS[slot(hash)] : 0;
    }

    private static int first(long hash) {
        return (int) (Hashing.mix(hash) >>> 52) & (SLOTS - 1);
    }

    private static int slot(long hash) {
        int slot = first(hash);
        while (KEYS[slot] != 0 && KEYS[slot] != hash) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        return slot;
    }
}

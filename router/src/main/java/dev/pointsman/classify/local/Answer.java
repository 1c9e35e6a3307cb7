package dev.pointsman.classify.local;

/**
 * What a classifier said of a text whose category is known.
 *
 * @param source where the text is from
 * @param gold its category
 * @param said the category that was said
 * @param confidence how sure the classifier was, from 0 to 1
 */
public record Answer(String source, String gold, String said, double confidence) {

    public boolean right() {
        return gold.equals(said);
    }
}

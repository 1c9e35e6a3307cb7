package dev.pointsman.budget;

/** The names of accounts in the books. */
public final class Accounts {

    /** To which everything is charged. */
    public static final String ALL = "all";

    private Accounts() {}

    /** For example {@code key:ci}. */
    public static String ofKey(String name) {
        return "key:" + name;
    }

    /** For example {@code tag:team=search}. */
    public static String ofTag(String key, String value) {
        return "tag:" + key + "=" + value;
    }
}

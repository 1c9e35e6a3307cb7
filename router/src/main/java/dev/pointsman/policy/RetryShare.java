package dev.pointsman.policy;

/**
 * How many calls to one upstream may be repeats of calls that failed there. The larger of the two
 * counts.
 *
 * @param share repeats as a share of the requests; 0 or more, at most 1
 * @param perSecond repeats a second that are allowed however few requests there are; 0 or more
 */
public record RetryShare(double share, int perSecond) {

    /** A fifth of the requests, or 3 a second. */
    public static final RetryShare DEFAULT = new RetryShare(0.2, 3);

    public RetryShare {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be from 0 to 1: " + share);
        }
        if (perSecond < 0) {
            throw new IllegalArgumentException("perSecond must be 0 or more: " + perSecond);
        }
    }
}

package dev.pointsman.policy;

/**
 * What a deployment may be sent. 0 is no limit.
 *
 * @param concurrent calls at once
 * @param requestsPerMinute calls begun within a minute
 * @param tokensPerMinute tokens, in and out, within a minute
 */
public record DeploymentLimits(int concurrent, long requestsPerMinute, long tokensPerMinute) {

    /** No limits. */
    public static final DeploymentLimits DEFAULT = new DeploymentLimits(0, 0, 0);

    public DeploymentLimits {
        if (concurrent < 0 || requestsPerMinute < 0 || tokensPerMinute < 0) {
            throw new IllegalArgumentException(
                    "limits must be 0 or more: "
                            + concurrent
                            + ", "
                            + requestsPerMinute
                            + ", "
                            + tokensPerMinute);
        }
    }
}

package dev.pointsman.gateway;

import dev.pointsman.call.CallerQuota;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.Rejection.Reason;
import dev.pointsman.policy.Deployment;
import dev.pointsman.wire.Format;

import java.util.List;
import java.util.Optional;

/** What its caller's key lets one request do. Confined to the request's thread. */
final class Pass {

    private static final int FORBIDDEN = 403;

    private final Holder holder;
    private final Format format;
    private final Allowed allowed;
    private final Optional<CallerQuota> quota;
    private final Metrics metrics;
    private Optional<String> category = Optional.empty();
    private long taken = -1;

    Pass(Holder holder, Format format, Shared shared, Serving serving) {
        this.holder = holder;
        this.format = format;
        this.allowed = serving.allowed(holder.grant());
        this.quota = shared.quotas().of(holder);
        this.metrics = shared.metrics();
    }

    /**
     * Those of the models that the caller means which it may ask.
     *
     * @throws Refusal if there is none; says what it may
     */
    List<Deployment> among(List<Deployment> meant) throws Refusal {
        List<Deployment> left = meant.stream().filter(allowed::model).toList();
        if (left.isEmpty() && !meant.isEmpty()) {
            String ref = meant.getFirst().model().ref();
            throw refused(
                    "model",
                    holder.words() + " is not for " + ref + ": it may ask " + allowed.models());
        }
        return left;
    }

    /**
     * @throws Refusal if the caller may not have tasks of that category done; says of which it may
     */
    void category(String name) throws Refusal {
        if (!allowed.category(name)) {
            throw notFor(name);
        }
    }

    /** The task's category is known. */
    void classified(String name) {
        category = Optional.of(name);
    }

    /** Why a model may not be asked. */
    Optional<Rejection> obstacle(Deployment deployment) {
        Optional<String> other = category.filter(name -> !allowed.category(name));
        if (other.isEmpty() && allowed.model(deployment)) {
            return Optional.empty();
        }
        String why =
                other.isPresent()
                        ? holder.words() + " is not for tasks of " + other.get()
                        : holder.words() + " is not for this model";
        return Optional.of(new Rejection(deployment.model().ref(), Reason.NOT_ALLOWED, why));
    }

    /** Why nothing was asked, if that was for want of rights. */
    Optional<Refusal> forbidden(Decision decision) {
        if (category.filter(name -> !allowed.category(name)).isPresent()) {
            return Optional.of(notFor(category.get()));
        }
        boolean none =
                !decision.rejections().isEmpty()
                        && decision.rejections().stream()
                                .noneMatch(one -> allowed.model(one.model()));
        return none
                ? Optional.of(
                        refused(
                                "model",
                                holder.words()
                                        + " is for no model of the category "
                                        + decision.category()
                                        + ": it may ask "
                                        + allowed.models()))
                : Optional.empty();
    }

    private Refusal notFor(String name) {
        return refused(
                "category",
                holder.words()
                        + " is not for tasks of the category "
                        + name
                        + ": it is for "
                        + String.join(", ", allowed.categories()));
    }

    private Refusal refused(String limit, String words) {
        metrics.keyRefused(holder.name(), limit);
        return new Refusal(FORBIDDEN, words);
    }

    /**
     * Counts the request against the key's limits a minute.
     *
     * @param tokens what it takes at most, in and out, as estimated
     * @throws Refusal if that is too much now; says when it is not
     */
    void take(long tokens) throws Refusal {
        if (quota.isEmpty()) {
            return;
        }
        Optional<CallerQuota.Full> full = quota.get().take(System.nanoTime(), tokens);
        if (full.isEmpty()) {
            taken = tokens;
            return;
        }
        CallerQuota.Full why = full.get();
        metrics.keyRefused(
                holder.name(), why.bound() == CallerQuota.Bound.REQUESTS ? "requests" : "tokens");
        throw LimitHeaders.refusal(format, holder.words() + ": " + why.words(), why);
    }

    /** The request is over, having taken so many tokens; a second end counts for nothing. */
    void end(long tokens) {
        if (taken >= 0) {
            quota.orElseThrow().end(System.nanoTime(), taken, tokens);
            taken = -1;
        }
    }

    /** The same, where what it took is not known: what was estimated. */
    void endAsEstimated() {
        end(taken);
    }
}

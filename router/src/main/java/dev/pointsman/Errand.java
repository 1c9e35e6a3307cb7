package dev.pointsman;

import dev.pointsman.call.Asking;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Entry;
import dev.pointsman.core.Model;
import dev.pointsman.core.Rejection;
import dev.pointsman.core.RouteException;
import dev.pointsman.core.Task;
import dev.pointsman.policy.Deployment;
import dev.pointsman.route.Journey;
import dev.pointsman.route.SessionKey;
import dev.pointsman.route.Sessions;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A task of the library's caller: its reply completes a future. */
final class Errand implements Journey.Errand {

    /** A router has one user. */
    private static final String SCOPE = "";

    private final Task task;
    private final Optional<Consumer<String>> onText;
    private final CompletableFuture<Reply> reply;

    Errand(Task task, Optional<Consumer<String>> onText, CompletableFuture<Reply> reply) {
        this.task = task;
        this.onText = onText.map(this::guarded);
        this.reply = reply;
    }

    @Override
    public Asking asking(Decision decision) {
        return new Asking.OfTask(task, onText);
    }

    @Override
    public void settled(Entry entry) {
        if (entry.answer().isPresent()) {
            reply.complete(new Reply(entry));
        } else {
            reply.completeExceptionally(
                    new RouteException(entry.noAnswer(), entry.decision(), entry.attempts()));
        }
    }

    @Override
    public void failed(Throwable cause) {
        reply.completeExceptionally(cause);
    }

    @Override
    public Optional<Rejection> obstacle(Deployment deployment) {
        return Optional.empty();
    }

    @Override
    public long mostOutput(Model model) {
        return task.maxTokens();
    }

    /** The books' own thread must not wait for what callers do when a task is over. */
    @Override
    public void goOn(Runnable step) {
        Thread.startVirtualThread(step);
    }

    @Override
    public Optional<SessionKey> session(Sessions sessions) {
        return task.session().map(id -> sessions.key(SCOPE).id(id).key());
    }

    private Consumer<String> guarded(Consumer<String> sink) {
        return piece -> {
            try {
                sink.accept(piece);
            } catch (RuntimeException e) {
                reply.completeExceptionally(e);
            }
        };
    }
}

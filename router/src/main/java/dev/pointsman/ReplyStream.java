package dev.pointsman;

import dev.pointsman.core.RouteException;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An answer as it comes: iterate over its pieces of text, then ask for the {@link #reply()}. To be
 * used by one thread and closed; closing before the end stops the model.
 *
 * <pre>{@code
 * try (ReplyStream stream = router.stream(Task.of("Write a haiku about rails."))) {
 *     for (String piece : stream) {
 *         System.out.print(piece);
 *     }
 *     System.out.println(stream.reply().cost().total());
 * }
 * }</pre>
 */
public final class ReplyStream implements Iterable<String>, AutoCloseable {

    private final BlockingQueue<Optional<String>> pieces = new LinkedBlockingQueue<>();
    private final CompletableFuture<Reply> reply;

    ReplyStream(Function<Consumer<String>, CompletableFuture<Reply>> begin) {
        reply = begin.apply(piece -> pieces.add(Optional.of(piece)));
        reply.whenComplete((done, failure) -> pieces.add(Optional.empty()));
    }

    /**
     * The pieces of text; each call goes on where the last one stopped.
     *
     * @throws RouteException from {@code hasNext}, if every model failed or the answer broke off;
     *     what came before it has been given
     */
    @Override
    public Iterator<String> iterator() {
        return new Pieces();
    }

    /**
     * Waits for the end and gives the whole.
     *
     * @throws RouteException if there is no answer
     */
    public Reply reply() {
        return Blocking.join(reply);
    }

    /** Stops the model if it is still answering. */
    @Override
    public void close() {
        reply.cancel(true);
    }

    private final class Pieces implements Iterator<String> {
        private Optional<String> next = Optional.empty();
        private boolean ended;

        @Override
        public boolean hasNext() {
            if (next.isEmpty() && !ended) {
                next = Blocking.take(pieces);
                ended = next.isEmpty();
                if (ended) {
                    pieces.add(Optional.empty());
                    reply();
                }
            }
            return next.isPresent();
        }

        @Override
        public String next() {
            if (!hasNext()) {
                throw new NoSuchElementException("The answer has ended");
            }
            String piece = next.orElseThrow();
            next = Optional.empty();
            return piece;
        }
    }
}

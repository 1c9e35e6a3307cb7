package dev.pointsman.transport;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls over Vert.x: event loops, native epoll where there is one, pooled connections. Starts on
 * construction and takes about 0.2 s the first time in a process. Its threads are daemons.
 */
public final class VertxTransport implements Transport {

    private static final int CLOSE_SECONDS = 5;

    private final Vertx vertx;
    private final List<Context> contexts = new CopyOnWriteArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private final HttpClients clients;

    public VertxTransport() {
        int loops = Runtime.getRuntime().availableProcessors();
        VertxOptions options =
                new VertxOptions()
                        .setPreferNativeTransport(true)
                        .setUseDaemonThread(true)
                        .setEventLoopPoolSize(loops)
                        .setFileSystemOptions(
                                new FileSystemOptions()
                                        .setClassPathResolvingEnabled(false)
                                        .setFileCachingEnabled(false));
        this.vertx = Vertx.vertx(options);
        this.clients = new HttpClients(vertx);
        vertx.deployVerticle(LoopVerticle::new, new DeploymentOptions().setInstances(loops))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** One on each event loop, to get hold of the loop's context. */
    private final class LoopVerticle extends VerticleBase {
        @Override
        public Future<?> start() {
            contexts.add(context);
            return Future.succeededFuture();
        }
    }

    @Override
    public Lane lane() {
        return new VertxLane(contexts.get(Math.floorMod(next.getAndIncrement(), contexts.size())));
    }

    @Override
    public boolean onEventLoop() {
        return Context.isOnEventLoopThread();
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private final class VertxLane implements Lane {
        private final Context context;

        VertxLane(Context context) {
            this.context = context;
        }

        @Override
        public void run(Runnable action) {
            context.runOnContext(ignored -> action.run());
        }

        @Override
        public Cancellable after(Duration delay, Runnable action) {
            long timer = vertx.setTimer(Math.max(1, delay.toMillis()), id -> run(action));
            return () -> vertx.cancelTimer(timer);
        }

        @Override
        public Cancellable send(Exchange exchange, Receiver receiver) {
            VertxCall call = new VertxCall(exchange, receiver);
            context.runOnContext(ignored -> call.start(clients.of(exchange)));
            return () -> context.runOnContext(ignored -> call.cancel());
        }
    }
}

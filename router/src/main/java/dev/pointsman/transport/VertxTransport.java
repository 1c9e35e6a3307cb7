package dev.pointsman.transport;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.ContextInternal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
    private final List<Loop> loops = new CopyOnWriteArrayList<>();
    private final Map<Thread, Loop> byThread = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();

    /** Over event loops of its own. */
    public VertxTransport() {
        this(start());
    }

    /**
     * Over the event loops of a server, so that a call made on one of them stays on it. Closes the
     * whole with itself.
     */
    public VertxTransport(Vertx vertx) {
        this.vertx = vertx;
        vertx.deployVerticle(
                        LoopVerticle::new,
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** As many event loops as there are processors, on native transport, with daemon threads. */
    public static Vertx start() {
        return Vertx.vertx(
                new VertxOptions()
                        .setPreferNativeTransport(true)
                        .setUseDaemonThread(true)
                        .setDisableTCCL(true)
                        .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
                        .setFileSystemOptions(
                                new FileSystemOptions()
                                        .setClassPathResolvingEnabled(false)
                                        .setFileCachingEnabled(false)));
    }

    /** One on each event loop, to get hold of the loop's context. */
    private final class LoopVerticle extends VerticleBase {
        @Override
        public Future<?> start() {
            Loop loop = new Loop((ContextInternal) context);
            loops.add(loop);
            byThread.put(Thread.currentThread(), loop);
            return Future.succeededFuture();
        }
    }

    @Override
    public Lane lane() {
        Loop here = byThread.get(Thread.currentThread());
        return here != null ? here : loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
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

    /** An event loop and its connections. */
    private final class Loop implements Lane {
        private final ContextInternal context;
        private final Thread thread = Thread.currentThread();
        private final HttpClients clients;
        private final Alarms alarms;

        Loop(ContextInternal context) {
            this.context = context;
            this.clients = new HttpClients(context);
            this.alarms = new Alarms(context.nettyEventLoop());
        }

        @Override
        public void run(Runnable action) {
            if (Thread.currentThread() == thread) {
                action.run();
            } else {
                context.runOnContext(ignored -> action.run());
            }
        }

        @Override
        public Cancellable after(Duration delay, Runnable action) {
            return alarms.set(delay.toMillis(), () -> context.dispatch(action, Runnable::run));
        }

        @Override
        public Sent send(Exchange exchange, Receiver told) {
            Receiver receiver = new KeylessErrors(exchange.provider(), told);
            if (Upstream.isPlain(exchange.provider())) {
                PlainCall call = new PlainCall(exchange, receiver);
                run(() -> call.start(clients.plain(exchange)));
                return new OnLoop(call);
            }
            VertxCall call = new VertxCall(exchange, receiver);
            run(() -> call.start(clients.of(exchange)));
            return new OnLoop(call);
        }

        /** A call that may be stopped from any thread. */
        private final class OnLoop implements Sent {
            private final Sent call;

            OnLoop(Sent call) {
                this.call = call;
            }

            @Override
            public void cancel() {
                run(call::cancel);
            }

            @Override
            public void pause() {
                run(call::pause);
            }

            @Override
            public void resume() {
                run(call::resume);
            }
        }
    }
}

package dev.pointsman.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import javax.net.ServerSocketFactory;

/**
 * A scripted provider on a loopback port. What it does is said per model; the reactions given for
 * one are used in turn, the last one again and again. A model without a script answers {@code
 * "ok"}. Thread-safe.
 *
 * <pre>{@code
 * try (FakeProvider provider = FakeProvider.start()) {
 *     provider.script("claude-opus-4-6", Reaction.fails(529));
 *     provider.script("claude-haiku-4-5", Reaction.answers("triage"));
 *     // ... call provider.url() ...
 * }
 * }</pre>
 */
public final class FakeProvider implements AutoCloseable {

    private final ServerSocket server;
    private final String scheme;
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final List<ProviderRequest> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch abandoned = new CountDownLatch(1);
    private final Object changed = new Object();
    private int live;

    private record Script(List<Reaction> reactions, AtomicInteger used) {
        Reaction next() {
            return reactions.get(Math.min(used.getAndIncrement(), reactions.size() - 1));
        }
    }

    private FakeProvider(ServerSocket server, String scheme) {
        this.server = server;
        this.scheme = scheme;
    }

    public static FakeProvider start() {
        return start(ServerSocketFactory.getDefault(), "http");
    }

    /** One that speaks TLS, as {@code localhost}. */
    public static FakeProvider startTls(TlsIdentity identity) {
        return start(identity.context().getServerSocketFactory(), "https");
    }

    private static FakeProvider start(ServerSocketFactory sockets, String scheme) {
        try {
            ServerSocket server =
                    sockets.createServerSocket(0, 1024, InetAddress.getLoopbackAddress());
            FakeProvider provider = new FakeProvider(server, scheme);
            Thread.ofPlatform().daemon().name("fake-provider").start(provider::accept);
            return provider;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its address up to the formats' own paths. */
    public String url() {
        return scheme + "://" + host() + ":" + server.getLocalPort();
    }

    private String host() {
        return scheme.equals("https") ? "localhost" : "127.0.0.1";
    }

    /** What a model does, in turn; the last reaction is repeated. */
    public void script(String model, Reaction... reactions) {
        scripts.put(model, new Script(List.of(reactions), new AtomicInteger()));
    }

    /** Everything received, in order. */
    public List<ProviderRequest> requests() {
        return List.copyOf(requests);
    }

    /** What was received for a model, in order. */
    public List<ProviderRequest> requests(String model) {
        return requests.stream().filter(request -> request.model().equals(model)).toList();
    }

    /** Whether a client has left before its answer was complete, within that time. */
    public boolean awaitAbandoned(Duration patience) throws InterruptedException {
        return abandoned.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How many connections are open. */
    public int openConnections() {
        return open.size();
    }

    /** How many requests are read and not yet answered to the end; falls after the last byte. */
    public int live() {
        synchronized (changed) {
            return live;
        }
    }

    /** Whether so many requests are under way, within that time. */
    public boolean awaitLive(int count, Duration patience) throws InterruptedException {
        return await(() -> live == count, patience);
    }

    /** Whether so many requests, or more, have been received within that time. */
    public boolean awaitRequests(int count, Duration patience) throws InterruptedException {
        return await(() -> requests.size() >= count, patience);
    }

    private boolean await(BooleanSupplier condition, Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (changed) {
            while (!condition.getAsBoolean() && System.nanoTime() < end) {
                changed.wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            }
            return condition.getAsBoolean();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Reaction reaction(ProviderRequest request) {
        synchronized (changed) {
            requests.add(request);
            changed.notifyAll();
        }
        Script script = scripts.get(request.model());
        return script == null ? Reaction.answers("ok") : script.next();
    }

    void begun() {
        changeLive(1);
    }

    void ended() {
        changeLive(-1);
    }

    private void changeLive(int by) {
        synchronized (changed) {
            live += by;
            changed.notifyAll();
        }
    }

    void abandoned() {
        abandoned.countDown();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            new Conversation(this, socket).run();
        } catch (IOException e) {
            abandoned();
        } finally {
            open.remove(socket);
        }
    }
}

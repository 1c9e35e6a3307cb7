package dev.pointsman.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * All that is measured, in the order of the table: the bare upstream, nginx, the minimal proxy and
 * another server if asked for, and what is to be judged last: Pointsman, unless it is left out.
 * They end with this, or with the JVM.
 */
final class Targets implements AutoCloseable {

    private final Path folder;
    private final List<Target> all = new ArrayList<>();
    private final Thread hook = new Thread(this::end, "end-of-targets");

    private Targets() throws IOException {
        folder = Files.createTempDirectory("pointsman-load");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    static Targets start(LoadOptions options) throws IOException {
        Targets targets = new Targets();
        try {
            targets.startAll(options);
            return targets;
        } catch (IOException | RuntimeException e) {
            targets.close();
            throw e;
        }
    }

    /** Nothing but the upstream. */
    static Targets upstreamOnly() throws IOException {
        Targets targets = new Targets();
        targets.all.add(JavaPrograms.upstream(targets.folder));
        return targets;
    }

    void add(Target target) {
        all.add(target);
    }

    private void startAll(LoadOptions options) throws IOException {
        all.add(JavaPrograms.upstream(folder));
        int upstream = bare().port();
        all.add(NginxProxy.start(Target.NGINX, folder, upstream));
        if (options.minimal()) {
            all.add(JavaPrograms.minimalProxy(folder, upstream, options.minimalOptions()));
        }
        if (options.proxyCommand().isPresent()) {
            all.add(CommandProxy.start(options.proxyCommand().get(), folder, upstream));
        }
        if (options.pointsman().isPresent()) {
            all.add(new PointsmanProxy(options.pointsman().get(), folder, upstream).start());
        }
    }

    List<Target> all() {
        return List.copyOf(all);
    }

    Target bare() {
        return all.getFirst();
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private void end() {
        List.copyOf(all).reversed().forEach(target -> target.program().close());
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

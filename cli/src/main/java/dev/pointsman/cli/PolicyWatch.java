package dev.pointsman.cli;

import dev.pointsman.gateway.Gateway;
import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyException;
import dev.pointsman.policy.PolicyFile;

import sun.misc.Signal;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Puts a policy file in force again when it changes, and on SIGHUP. A wrong one is told, and the
 * old one stays.
 */
final class PolicyWatch implements AutoCloseable {

    private static final long LOOK_MILLIS = 500;

    private final PolicyOption option;
    private final Consumer<Policy> check;
    private final Gateway gateway;
    private final PrintWriter err;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    work -> Thread.ofPlatform().daemon().name("pointsman-policy").unstarted(work));
    private Optional<FileTime> seen = Optional.empty();

    /**
     * @param check what a policy must pass to be put in force; throws a {@link UserException}
     */
    PolicyWatch(PolicyOption option, Consumer<Policy> check, Gateway gateway, PrintWriter err) {
        this.option = option;
        this.check = check;
        this.gateway = gateway;
        this.err = err;
    }

    void start() {
        seen = changed();
        thread.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (!System.getProperty("os.name", "").startsWith("Windows")) {
            Signal.handle(new Signal("HUP"), signal -> thread.execute(this::reload));
        }
    }

    private void look() {
        Optional<FileTime> now = changed();
        if (now.isPresent() && !now.equals(seen)) {
            seen = now;
            reload();
        }
    }

    private Optional<FileTime> changed() {
        Optional<Path> path = option.file().path();
        try {
            return path.isPresent()
                    ? Optional.of(Files.getLastModifiedTime(path.get()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void reload() {
        try {
            PolicyFile file = option.file();
            Policy policy = file.load();
            check.accept(policy);
            gateway.reload(policy);
            err.println("the policy is in force anew: " + file.name() + ", hash " + policy.hash());
        } catch (PolicyException | UserException | IllegalArgumentException e) {
            err.println("the policy stays as it was: " + e.getMessage());
        } catch (RuntimeException e) {
            err.println("the policy stays as it was: " + e);
        }
        err.flush();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

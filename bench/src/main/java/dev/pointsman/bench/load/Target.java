package dev.pointsman.bench.load;

import java.nio.file.Path;

/**
 * What is measured.
 *
 * @param port where chat completions are asked for
 * @param streamPort where streams are asked for, the same unless a server must be set up otherwise
 *     for them
 */
record Target(String name, Program program, int port, int streamPort) {

    static final String BARE = "bare";
    static final String NGINX = "nginx";
    static final String MINIMAL = "minimal";
    static final String NO_LEDGER = "no ledger";

    static Path log(Path folder, String name) {
        return folder.resolve(name + ".log");
    }

    boolean isBare() {
        return name.equals(BARE);
    }

    /** Whether it looks at a prompt before it chooses a model. */
    boolean classifies() {
        return !isBare() && !name.equals(NGINX) && !name.equals(MINIMAL);
    }

    /** Whether it runs in a JVM that has to warm up; the upstream and the client do as well. */
    boolean warms() {
        return !name.equals(NGINX);
    }
}

package dev.pointsman.bench.load;

import java.nio.file.Path;
import java.time.Duration;

/** Any other server in Pointsman's place, by a command that says where it is to listen. */
final class CommandProxy {

    static final String NAME = "command";

    private CommandProxy() {}

    static Target start(String command, Path folder, int upstreamPort) {
        int port = Program.freePort();
        String filled =
                command.replace("{port}", Integer.toString(port))
                        .replace("{upstream}", "127.0.0.1:" + upstreamPort);
        Program program = Program.start(LoadOptions.words(filled), Target.log(folder, NAME));
        program.awaitPort(port, Duration.ofSeconds(30));
        return new Target(NAME, program, port, port);
    }
}

package dev.pointsman.cli;

import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which build this is: version, commit, and the JDK that runs it. */
final class BuildInfo implements IVersionProvider {

    @Override
    public String[] getVersion() {
        Properties build = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream("build.properties")) {
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String commit = build.getProperty("commit", "");
        String known = commit.startsWith("${") ? "unknown commit" : commit;
        String dirty = "true".equals(build.getProperty("dirty")) ? ", modified" : "";
        return new String[] {
            "pointsman " + build.getProperty("version") + " (" + known + dirty + ")",
            "JDK " + Runtime.version()
        };
    }
}

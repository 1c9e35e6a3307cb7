package dev.pointsman.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that a command reads. */
final class InputFile {

    private InputFile() {}

    /** Opens it; {@code -} is standard input. */
    static InputStream open(String name) throws IOException {
        if (name.equals("-")) {
            return System.in;
        }
        try {
            return Files.newInputStream(Path.of(name));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no file " + name, e);
        }
    }
}

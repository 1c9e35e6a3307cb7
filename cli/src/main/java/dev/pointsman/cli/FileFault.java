package dev.pointsman.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Why a file could not be used, in words: the JDK's own are often the path alone. */
final class FileFault {

    private FileFault() {}

    static String words(UncheckedIOException failure) {
        IOException cause = failure.getCause();
        return cause == null ? String.valueOf(failure.getMessage()) : words(cause);
    }

    /** Names the file where the failure does. */
    static String words(IOException failure) {
        return switch (failure) {
            case NoSuchFileException e -> "no such file or folder: " + e.getFile();
            case AccessDeniedException e -> e.getFile() + ": permission denied";
            case FileSystemException e ->
                    e.getFile()
                            + Optional.ofNullable(e.getReason())
                                    .map(reason -> ": " + reason)
                                    .orElse("");
            default -> String.valueOf(failure.getMessage());
        };
    }
}

package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The file of answers, locked against a second writer, and beside it the file of bad lines. */
final class PipeOutput implements AutoCloseable {

    private static final String JSONL = ".jsonl";
    private static final ObjectReader READER = new ObjectMapper().reader();

    private final FileChannel channel;
    private final OutputStream answers;
    private final Path errorsFile;
    private final DoneLines done;
    private Optional<OutputStream> errors = Optional.empty();

    private PipeOutput(FileChannel channel, Path errorsFile, DoneLines done) {
        this.channel = channel;
        this.answers = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        this.errorsFile = errorsFile;
        this.done = done;
    }

    /** What to do with a file that is there already. */
    enum Existing {
        REFUSE,
        REPLACE,
        RESUME,
        /** As resume, but answers that failed are taken out and tried again. */
        RETRY_FAILED
    }

    /**
     * Opens the file. To resume, a last line that was cut off is removed, and {@link #done()} knows
     * the lines that have an answer. The file of bad lines begins anew: the input is read again
     * from its beginning.
     *
     * @throws IllegalArgumentException if it is there already and must not be touched, or another
     *     process writes to it
     */
    static PipeOutput open(Path file, Existing existing) throws IOException {
        if (existing == Existing.REFUSE && Files.exists(file) && Files.size(file) > 0) {
            throw new IllegalArgumentException(
                    file + " is there already: --resume goes on with it, --overwrite replaces it");
        }
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        DoneLines done = new DoneLines();
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        lock(channel, file);
        switch (existing) {
            case REFUSE, REPLACE -> channel.truncate(0);
            case RESUME -> channel.truncate(readDone(file, done));
            case RETRY_FAILED -> {
                dropFailed(file);
                channel.close();
                channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                lock(channel, file);
                channel.truncate(readDone(file, done));
            }
        }
        channel.position(channel.size());
        endLastLine(channel);
        Path errors = errorsFile(file);
        Files.deleteIfExists(errors);
        return new PipeOutput(channel, errors, done);
    }

    /** {@code out.errors.jsonl} for {@code out.jsonl}. */
    static Path errorsFile(Path file) {
        String name = String.valueOf(file.getFileName());
        String stem =
                name.endsWith(JSONL) ? name.substring(0, name.length() - JSONL.length()) : name;
        return file.resolveSibling(stem + ".errors" + JSONL);
    }

    DoneLines done() {
        return done;
    }

    Path errorsFile() {
        return errorsFile;
    }

    void answer(String line) throws IOException {
        write(answers, line);
    }

    void badLine(String line) throws IOException {
        if (errors.isEmpty()) {
            errors =
                    Optional.of(
                            new BufferedOutputStream(Files.newOutputStream(errorsFile), 1 << 16));
        }
        write(errors.get(), line);
    }

    /** Hands everything to the operating system, where it survives the death of this process. */
    void flush() throws IOException {
        answers.flush();
        if (errors.isPresent()) {
            errors.get().flush();
        }
    }

    @Override
    public void close() throws IOException {
        flush();
        answers.close();
        if (errors.isPresent()) {
            errors.get().close();
        }
    }

    private static void write(OutputStream out, String line) throws IOException {
        out.write(line.getBytes(StandardCharsets.UTF_8));
        out.write('\n');
    }

    private static void lock(FileChannel channel, Path file) throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            throw new IllegalArgumentException(file + " is being written by this very process", e);
        }
        throw new IllegalArgumentException("another pipe is writing to " + file);
    }

    /** Reads the answers there are; gives the length up to the end of the last whole line. */
    private static long readDone(Path file, DoneLines done) throws IOException {
        long whole = 0;
        try (LineReader lines = new LineReader(Files.newInputStream(file))) {
            Optional<LineReader.Line> line = lines.next();
            while (line.isPresent()) {
                Optional<JsonNode> answer = answer(line.get());
                if (answer.isEmpty()) {
                    Optional<LineReader.Line> more = lines.next();
                    if (more.isPresent()) {
                        throw new IllegalArgumentException(
                                file
                                        + ":"
                                        + line.get().number()
                                        + ": this is no answer of pipe, so it cannot be resumed");
                    }
                    return whole;
                }
                done.add(answer.get().path("line").asLong(), answer.get().path("id").asText());
                whole = lines.bytesRead();
                line = lines.next();
            }
        }
        return Math.min(whole, Files.size(file));
    }

    private static void endLastLine(FileChannel channel) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        if (channel.size() > 0
                && channel.read(last, channel.size() - 1) == 1
                && last.get(0) != '\n') {
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
    }

    private static Optional<JsonNode> answer(LineReader.Line line) {
        try {
            JsonNode json = READER.readTree(line.bytes());
            return json.path("line").isIntegralNumber() && json.has("id")
                    ? Optional.of(json)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void dropFailed(Path file) throws IOException {
        Path kept = file.resolveSibling(file.getFileName() + ".kept");
        try (LineReader lines = new LineReader(Files.newInputStream(file));
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(kept))) {
            Optional<LineReader.Line> line = lines.next();
            while (line.isPresent()) {
                Optional<JsonNode> answer = answer(line.get());
                if (answer.isPresent() && !answer.get().has("error")) {
                    out.write(line.get().bytes());
                    out.write('\n');
                }
                line = lines.next();
            }
        }
        Files.move(kept, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}

package dev.pointsman.ledger;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The random key of a ledger's hashes, in the file {@code hash.key} beside it. Without the file,
 * equal tasks hash differently.
 */
final class HashKey {

    static final String FILE = "hash.key";

    private static final int BYTES = 32;

    private HashKey() {}

    /**
     * The folder's key, made on first use. Processes that make it at once agree on one: whoever
     * holds the file's lock writes it, the others read it then. The JVM refuses a lock it already
     * has, hence {@code synchronized}.
     *
     * @throws IOException if the file can be neither read nor made
     * @throws LedgerException if it is no key
     */
    static synchronized byte[] in(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        PrivateFiles.createFile(file);
        return Files.size(file) == 0 ? writtenOnce(file) : checked(file, Files.readAllBytes(file));
    }

    private static byte[] writtenOnce(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            channel.lock(); // Released with the channel.
            if (channel.size() == 0) {
                byte[] key = new byte[BYTES];
                new SecureRandom().nextBytes(key);
                channel.write(ByteBuffer.wrap(key));
                channel.force(true);
            }
            ByteBuffer key = ByteBuffer.allocate((int) channel.size());
            channel.read(key, 0);
            return checked(file, key.array());
        }
    }

    private static byte[] checked(Path file, byte[] key) {
        if (key.length != BYTES) {
            throw new LedgerException(
                    "%s has %d bytes, a key has %d: restore it from a backup, or delete it and accept that tasks hash differently from then on"
                            .formatted(file, key.length, BYTES));
        }
        return key;
    }
}

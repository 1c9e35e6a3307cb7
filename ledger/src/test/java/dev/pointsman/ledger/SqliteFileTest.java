package dev.pointsman.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

@Timeout(60)
class SqliteFileTest {

    private static final int FILES = 50;
    private static final int AT_ONCE = 8;

    @TempDir Path folder;

    @Test
    void newFile_openedByManyAtOnce_isOpenedByAll() throws Exception {
        CyclicBarrier together = new CyclicBarrier(AT_ONCE);
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < FILES; i++) {
                Path file = folder.resolve(i + ".db");
                List<Future<Integer>> versions = new ArrayList<>();
                for (int thread = 0; thread < AT_ONCE; thread++) {
                    versions.add(threads.submit(() -> opened(file, together)));
                }
                for (Future<Integer> version : versions) {
                    assertThat(version.get()).isEqualTo(Schema.VERSION);
                }
            }
        }
    }

    private static int opened(Path file, CyclicBarrier together) throws Exception {
        together.await();
        try (Connection connection = SqliteFile.openToWrite(file)) {
            Schema.migrate(connection, file);
            Object version =
                    Sqlite.query(connection, "PRAGMA user_version").getFirst().get("user_version");
            return ((Long) version).intValue();
        }
    }
}

package dev.pointsman.cli;

import dev.pointsman.catalog.Catalog;
import dev.pointsman.catalog.CatalogException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The catalogues that were imported, one file for each version, and which of them holds. The
 * built-in catalogue is below it.
 */
final class ImportedCatalogue {

    private final Path folder;
    private final Path holds;

    /**
     * @param data where Pointsman keeps what it writes down
     */
    ImportedCatalogue(Path data) {
        folder = data.resolve("catalogues");
        holds = folder.resolve("current");
    }

    /** What holds now. */
    Catalog current() {
        try {
            Path file = folder.resolve(Files.readString(holds).strip() + ".tsv");
            return Catalog.read(Files.readString(file), file.toString()).over(Catalog.builtIn());
        } catch (NoSuchFileException e) {
            if (Files.notExists(holds)) {
                return Catalog.builtIn();
            }
            throw unreadable(e);
        } catch (IOException | CatalogException e) {
            throw unreadable(e);
        }
    }

    private static UserException unreadable(Exception e) {
        return new UserException(
                "the imported catalogue cannot be read: "
                        + e.getMessage()
                        + "; `pointsman models import --reset` goes back to the built-in one");
    }

    /** From now on that catalogue holds, over the built-in one. */
    void put(Catalog imported) {
        try {
            Files.createDirectories(folder);
            write(folder.resolve(imported.version() + ".tsv"), imported.text());
            write(holds, imported.version() + "\n");
        } catch (IOException e) {
            throw new UserException(
                    "the catalogue cannot be written to " + folder + ": " + FileFault.words(e));
        }
    }

    /** Whoever reads at the same time gets the old file or the new one. */
    private static void write(Path file, String text) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(beside, text);
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * From now on the built-in catalogue holds alone; the files stay.
     *
     * @return whether another one held
     */
    boolean reset() {
        try {
            return Files.deleteIfExists(holds);
        } catch (IOException e) {
            throw new UserException(holds + " cannot be deleted: " + e.getMessage());
        }
    }
}

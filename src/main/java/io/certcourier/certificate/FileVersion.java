package io.certcourier.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * What changes when a file of keys is replaced: a mounted Secret changes by its symlink, and the new file may be as old as the
 * one before.
 *
 * @param target where the path leads, links followed
 * @param written when the target was written last
 */
public record FileVersion(Path target, FileTime written) {

    /** @return empty while the file cannot be found */
    public static Optional<FileVersion> of(Path file) {
        try {
            Path target = file.toRealPath();
            return Optional.of(new FileVersion(target, Files.getLastModifiedTime(target)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}

package io.certcourier.bridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** What happened when, on standard output and in a file. */
final class Diary {

    private final Path file;
    private final long begin = System.nanoTime();

    Diary(Path file) {
        this.file = file;
    }

    void write(String who, String what) {
        String line = "%7.2f s  %-8s %s%n".formatted(Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0, who,
                what);
        System.out.print(line);
        try {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

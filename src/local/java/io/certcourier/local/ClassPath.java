package io.certcourier.local;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What this JVM was started with, for its children. */
final class ClassPath {

    private ClassPath() {
    }

    /**
     * The whole class path, with jars whose file name starts with one of the words moved to the front: found sooner, and none
     * missing that we did not think of.
     */
    static String withFirst(String... words) {
        // surefire may hide the real one in a manifest
        String whole = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> entries = Arrays.stream(whole.split(File.pathSeparator)).filter(entry -> !entry.isBlank()).toList();
        return String.join(File.pathSeparator, entries.stream()
                .sorted(Comparator.comparing((String entry) -> !startsWithAny(entry, words))) // stable: the rest keeps its order
                .toList());
    }

    private static boolean startsWithAny(String entry, String... words) {
        String file = Path.of(entry).getFileName().toString();
        return Arrays.stream(words).anyMatch(file::startsWith);
    }
}

package io.certcourier.upgrade;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The configurations that released versions took, with every key they had. */
final class OldConfiguration {

    private static final String PREFIX = "configuration-";
    private static final String SUFFIX = ".properties";

    private OldConfiguration() {
    }

    static List<String> versions() {
        try (var files = Files.list(Recording.FOLDER)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(PREFIX))
                    .map(name -> name.substring(PREFIX.length(), name.length() - SUFFIX.length())).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Values by key; a copy of its own for each caller. */
    static Map<String, String> read(String version) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file(version))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var keys = new TreeMap<String, String>();
        properties.forEach((key, value) -> keys.put((String) key, (String) value));
        return keys;
    }

    private static Path file(String version) {
        return Recording.FOLDER.resolve(PREFIX + version + SUFFIX);
    }
}

package io.certcourier.upgrade;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;

import org.flywaydb.core.Flyway;

/** The migrations of the class path. */
final class Migrations {

    private static final Path FOLDER = Path.of("src/main/resources/db/migration");

    private Migrations() {
    }

    /** A script, its comments left out. */
    record Migration(int version, String file, String sql) {

        private static Migration read(Path file) {
            try {
                String name = file.getFileName().toString();
                return new Migration(Integer.parseInt(name.replaceFirst("^V(\\d+)__.*\\.sql$", "$1")), name,
                        Files.readString(file).replaceAll("(?m)--.*$", ""));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The oldest first. */
    static List<Migration> all() {
        try (var files = Files.list(FOLDER)) {
            return files.map(Migration::read).sorted(Comparator.comparingInt(Migration::version)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Versions that a database may have when this code meets it for the first time. */
    static List<String> olderVersions() {
        var all = all();
        return all.subList(0, all.size() - 1).stream().map(one -> Integer.toString(one.version())).toList();
    }

    /** An empty database with the schema of that version. */
    static void renew(Connection database, String version) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.execute("DROP SCHEMA public CASCADE");
            statement.execute("CREATE SCHEMA public");
        }
        migrate(database, version);
    }

    /** @param version {@code latest} for the newest */
    static void migrate(Connection database, String version) throws SQLException {
        Flyway.configure().dataSource(database.getMetaData().getURL(), database.getMetaData().getUserName(), "unused")
                .locations("filesystem:" + FOLDER).target(version).load().migrate();
    }
}

package io.certcourier.upgrade;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.certcourier.local.scm.EmulatedAccount;

/**
 * What a version has left in its database, and in the cloud, when it was killed. A file of JSON lines: one that says when, one
 * for each certificate in the cloud, one for each row.
 */
record Recording(Instant at, List<Certificate> cloud, Map<String, List<JsonNode>> rows) {

    static final Path FOLDER = Path.of("src/test/resources/upgrade");
    /** Seals the recorded keys, of certificates that never were in use. */
    static final Path KEYSET = FOLDER.resolve("keyset.json");

    /** In the order in which their references allow to fill them. */
    private static final List<String> TABLES = List.of("account", "rate_bucket", "subject", "renewal", "renewal_key",
            "renewal_target", "attempt", "outbox", "refusal", "audit", "duty");
    /** So long ago the version was killed: all its leases have run out. */
    private static final Duration AGO = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** In the account default. */
    record Certificate(String id, String name, String leafPem) {
    }

    static Path file(String version) {
        return FOLDER.resolve("v" + version + ".jsonl");
    }

    static Recording read(String version) {
        try (var lines = Files.lines(file(version))) {
            var all = lines.map(Recording::parse).toList();
            var cloud = all.stream().filter(line -> line.has("cloud")).map(line -> line.path("cloud"))
                    .map(one -> new Certificate(one.path("id").asText(), one.path("name").asText(), one.path("leaf").asText()))
                    .toList();
            var rows = all.stream().filter(line -> line.has("table")).collect(Collectors.groupingBy(
                    line -> line.path("table").asText(), LinkedHashMap::new,
                    Collectors.mapping(line -> line.path("row"), Collectors.toList())));
            return new Recording(Instant.parse(all.get(0).path("recordedAt").asText()), cloud, rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads all tables. */
    static Recording of(Connection database, List<Certificate> cloud) throws SQLException {
        var rows = new LinkedHashMap<String, List<JsonNode>>();
        for (String table : TABLES) {
            var found = new ArrayList<JsonNode>();
            try (var statement = database.createStatement();
                    var result = statement.executeQuery("SELECT to_jsonb(t) FROM " + table + " t")) {
                while (result.next()) {
                    var row = parse(result.getString(1));
                    ((ObjectNode) row).properties().removeIf(column -> column.getValue().isNull());
                    found.add(row);
                }
            }
            rows.put(table, found);
        }
        return new Recording(Instant.now(), cloud, rows);
    }

    void write(String version) throws IOException {
        var lines = new ArrayList<String>();
        lines.add(line(Map.of("recordedAt", at.toString())));
        cloud.forEach(
                one -> lines.add(line(Map.of("cloud", Map.of("id", one.id(), "name", one.name(), "leaf", one.leafPem())))));
        rows.forEach((table, all) -> all.forEach(row -> {
            var line = new LinkedHashMap<String, Object>();
            line.put("table", table);
            line.put("row", row);
            lines.add(line(line));
        }));
        Files.write(file(version), lines, UTF_8);
    }

    /** Fills the empty tables of the recorded version, with all times as if it had been killed a minute ago. */
    void load(Connection database) throws SQLException {
        execute(database, "TRUNCATE " + String.join(", ", TABLES));
        for (String table : TABLES) {
            String columns = columns(database, table, "is_generated = 'NEVER'");
            for (JsonNode row : rows.getOrDefault(table, List.of())) {
                try (var insert = database.prepareStatement(
                        "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM jsonb_populate_record(NULL::%s, ?::jsonb)"
                                .formatted(table, columns, columns, table))) {
                    insert.setString(1, row.toString());
                    insert.executeUpdate();
                }
            }
            toNow(database, table);
        }
        execute(database,
                "SELECT setval(pg_get_serial_sequence(t, c), 1000) FROM (VALUES ('attempt', 'id'), ('outbox', 'seq'), ('audit', 'id')) s(t, c)");
    }

    private void toNow(Connection database, String table) throws SQLException {
        long seconds = Duration.between(at, Instant.now()).minus(AGO).toSeconds();
        String times = columns(database, table, "data_type = 'timestamp with time zone'");
        for (String column : times.isEmpty() ? new String[0] : times.split(", ")) {
            execute(database, "UPDATE %s SET %s = %s + interval '%d s'".formatted(table, column, column, seconds));
        }
    }

    /** What the cloud had then. */
    void adopt(EmulatedAccount account) {
        cloud.forEach(one -> account.adopt(one.id(), one.name(), one.leafPem(), Instant.now().minus(AGO)));
    }

    private static String columns(Connection database, String table, String which) throws SQLException {
        try (var statement = database.createStatement();
                var result = statement.executeQuery("""
                        SELECT string_agg(column_name, ', ' ORDER BY ordinal_position) FROM information_schema.columns
                         WHERE table_schema = 'public' AND table_name = '%s' AND %s""".formatted(table, which))) {
            result.next();
            return result.getString(1) == null ? "" : result.getString(1);
        }
    }

    private static void execute(Connection database, String sql) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.execute(sql);
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}

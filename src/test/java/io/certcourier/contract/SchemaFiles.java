package io.certcourier.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

/** A folder of schemas and examples laid out like schemas/. Validation is strict about formats. */
public record SchemaFiles(Path folder) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<JsonNode, Schema> COMPILED = new ConcurrentHashMap<>();

    /** The public contract of this very source tree. */
    public static SchemaFiles ours() {
        return new SchemaFiles(Path.of("schemas"));
    }

    public JsonNode schema(String event) {
        return read(folder.resolve(event + ".schema.json"));
    }

    /** @return empty if the data is valid */
    public List<Error> violations(String event, JsonNode data) {
        return violations(schema(event), data);
    }

    /** Against a copy that takes no field the schema does not name: what we write ourselves must pass it. */
    public List<Error> closedViolations(String event, JsonNode data) {
        var closed = schema(event).deepCopy();
        close(closed);
        return violations(closed, data);
    }

    /** The files of schemas/examples/<event>/<kind>, sorted by name; none if there is no such folder. */
    public List<Path> examples(String event, String kind) {
        var examples = folder.resolve("examples").resolve(event).resolve(kind);
        if (!Files.isDirectory(examples)) {
            return List.of();
        }
        try (var files = Files.list(examples)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Error> violations(JsonNode schema, JsonNode data) {
        return COMPILED
                .computeIfAbsent(schema,
                        text -> SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(text))
                .validate(data, run -> run.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    // only where an object is described whole; overlays and conditions name a part of its fields
    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object && "object".equals(object.path("type").asText()) && object.has("properties")
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(SchemaFiles::close);
    }
}

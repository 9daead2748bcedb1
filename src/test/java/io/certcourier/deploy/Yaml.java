package io.certcourier.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** Reads YAML files; a key that stands twice is an error. */
final class Yaml {

    static final YAMLMapper MAPPER = YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private Yaml() {
    }

    static JsonNode document(Path file) throws IOException {
        var documents = documents(file);
        if (documents.size() != 1) {
            throw new IOException(file + " holds " + documents.size() + " documents");
        }
        return documents.get(0);
    }

    static List<JsonNode> documents(Path file) throws IOException {
        try (var values = MAPPER.readerFor(JsonNode.class).<JsonNode> readValues(file.toFile())) {
            return values.readAll();
        }
    }

    static List<JsonNode> documents(String text) throws IOException {
        try (var values = MAPPER.readerFor(JsonNode.class).<JsonNode> readValues(text)) {
            return values.readAll();
        }
    }
}

package io.certcourier.intake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;

/** schemas/cert-renewed.schema.json, from the jar. Tells where and by which keyword data breaks it, never with which text. */
final class EventSchema {

    private static final String RESOURCE = "/schemas/cert-renewed.schema.json";

    private final JsonNode source = load();
    private final Schema schema;

    EventSchema() {
        var config = SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12,
                registry -> registry.schemaRegistryConfig(config)).getSchema(source);
        schema.initializeValidators();
    }

    private static JsonNode load() {
        try (var in = EventSchema.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not in the jar");
            }
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", e);
        }
    }

    /**
     * @param pointer JSON pointer into the data; names that the schema does not have there are shown as {@code *}
     * @param keyword of JSON Schema
     * @param missing the property that {@code required} asks for, else null
     */
    record Violation(String pointer, String keyword, String missing) {

        @Override
        public String toString() {
            return (pointer.isEmpty() ? "the top" : pointer) + " (" + keyword + (missing == null ? "" : " " + missing) + ")";
        }
    }

    /** Every violation, those nearest to the top first; empty if the data follows the schema. */
    List<Violation> violations(JsonNode data) {
        return schema.validate(data).stream()
                .filter(error -> !insideAlternative(error.getEvaluationPath()))
                .sorted(Comparator.comparingInt(error -> error.getInstanceLocation().getNameCount()))
                .map(this::violation)
                .distinct()
                .toList();
    }

    /** Unknown members of the data itself: accepted, but a sign of a producer that is newer or mistaken. */
    int unknownFields(JsonNode data) {
        int unknown = 0;
        for (var member : data.properties()) {
            unknown += source.get("properties").has(member.getKey()) ? 0 : 1;
        }
        return unknown;
    }

    /** What is wrong with a single branch of oneOf says nothing: the branch need not fit. */
    private static boolean insideAlternative(NodePath evaluation) {
        for (int i = 0; i < evaluation.getNameCount() - 1; i++) {
            if ("oneOf".equals(evaluation.getElement(i)) && i < evaluation.getNameCount() - 2) {
                return true;
            }
        }
        return false;
    }

    private Violation violation(Error error) {
        var pointer = new StringBuilder();
        NodePath path = error.getInstanceLocation();
        JsonNode place = source;
        for (int i = 0; i < path.getNameCount(); i++) {
            Object element = path.getElement(i);
            place = element instanceof Integer ? place.path("items") : place.path("properties").path(element.toString());
            place = place.has("$ref") ? source.at(place.get("$ref").textValue().substring("#".length())) : place;
            pointer.append('/').append(place.isMissingNode() ? "*" : element);
        }
        return new Violation(pointer.toString(), error.getKeyword(),
                "required".equals(error.getKeyword()) ? error.getProperty() : null);
    }
}

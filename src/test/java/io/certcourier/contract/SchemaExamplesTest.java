package io.certcourier.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaExamplesTest {

    private static final SchemaFiles SCHEMAS = SchemaFiles.ours();

    static List<String> events() {
        return List.of("cert-renewed", "cert-delivered", "cert-delivery-failed");
    }

    static Stream<Arguments> valid() {
        return examples("valid");
    }

    static Stream<Arguments> invalid() {
        return examples("invalid");
    }

    @ParameterizedTest
    @MethodSource("valid")
    void valid_example_passes(String event, Path example) {
        var violations = SCHEMAS.violations(event, SchemaFiles.read(example));

        assertThat(violations).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void invalid_example_fails_for_its_reason_and_no_other(String event, Path example) {
        var reason = SchemaFiles.read(reasons(event)).path(example.getFileName().toString());

        var violations = SCHEMAS.violations(event, SchemaFiles.read(example));

        assertThat(violations).extracting(v -> v.getInstanceLocation() + " " + keyword(v.getKeyword()))
                .contains(reason.path("pointer").asText() + " " + reason.path("keyword").asText());
        assertThat(violations).extracting(v -> v.getInstanceLocation().toString())
                .allMatch(pointer -> pointer.startsWith(reason.path("pointer").asText()));
    }

    @ParameterizedTest
    @MethodSource("events")
    void every_invalid_example_has_a_reason_and_every_reason_an_example(String event) {
        var reasons = new TreeSet<String>();
        SchemaFiles.read(reasons(event)).fieldNames().forEachRemaining(reasons::add);

        var examples = SCHEMAS.examples(event, "invalid").stream().map(file -> file.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(reasons).isNotEmpty().isEqualTo(examples);
    }

    @ParameterizedTest
    @ValueSource(strings = { "cert-delivered", "cert-delivery-failed" })
    void our_examples_use_no_field_that_their_schema_does_not_name(String event) {
        var examples = SCHEMAS.examples(event, "valid").stream().filter(file -> !file.endsWith("later-additions.json"));

        assertThat(examples).isNotEmpty()
                .allSatisfy(file -> assertThat(SCHEMAS.closedViolations(event, SchemaFiles.read(file))).isEmpty());
    }

    @Test
    void the_closed_copy_refuses_a_field_of_a_later_release() {
        var later = SchemaFiles.read(Path.of("schemas/examples/cert-delivered/valid/later-additions.json"));

        var violations = SCHEMAS.closedViolations("cert-delivered", later);

        assertThat(violations).extracting(violation -> violation.getProperty()).containsExactly("probe");
    }

    @Test
    void the_data_of_the_structured_example_passes() {
        var event = SchemaFiles.read(Path.of("schemas/examples/cert-renewed/structured/structured-event.json"));

        var violations = SCHEMAS.violations("cert-renewed", event.path("data"));

        assertThat(violations).isEmpty();
    }

    @Test
    void both_outcome_schemas_define_their_parts_alike() {
        assertThat(SCHEMAS.schema("cert-delivered").path("$defs")).isNotEmpty()
                .isEqualTo(SCHEMAS.schema("cert-delivery-failed").path("$defs"));
    }

    private static Stream<Arguments> examples(String kind) {
        return events().stream()
                .flatMap(event -> SCHEMAS.examples(event, kind).stream().map(file -> Arguments.of(event, file)));
    }

    private static Path reasons(String event) {
        return Path.of("schemas/examples", event, "invalid.reasons.json");
    }

    /** The reasons are in ajv's words. */
    private static String keyword(String networknts) {
        return networknts.equals("minContains") ? "contains" : networknts;
    }
}

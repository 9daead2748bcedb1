package io.certcourier.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;

class EventSchemaTest {

    static final Path EXAMPLES = Path.of("schemas/examples/cert-renewed");

    private final EventSchema schema = new EventSchema();

    static Stream<Path> validExamples() throws IOException {
        try (var files = Files.list(EXAMPLES.resolve("valid"))) {
            return files.sorted().toList().stream();
        }
    }

    static Stream<Arguments> invalidExamples() throws IOException {
        var examples = new ArrayList<Arguments>();
        JsonNode reasons = EventBuilder.JSON.readTree(EXAMPLES.resolve("invalid.reasons.json").toFile());
        reasons.properties().forEach(each -> examples.add(Arguments.of(EXAMPLES.resolve("invalid").resolve(each.getKey()),
                each.getValue().get("pointer").asText(), each.getValue().get("keyword").asText())));
        return examples.stream();
    }

    @Test
    void every_invalid_example_has_its_reason() throws IOException {
        try (var files = Files.list(EXAMPLES.resolve("invalid"))) {
            assertThat(files).containsExactlyInAnyOrderElementsOf(
                    invalidExamples().map(arguments -> (Path) arguments.get()[0]).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("validExamples")
    void valid_examples_follow_the_schema(Path example) throws IOException {
        assertThat(schema.violations(EventBuilder.JSON.readTree(example.toFile()))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("invalidExamples")
    void invalid_examples_fail_at_their_pointer_with_their_keyword(Path example, String pointer, String keyword)
            throws IOException {
        var violations = schema.violations(EventBuilder.JSON.readTree(example.toFile()));

        // names of labels are text of the event
        String shown = pointer.replace("/labels/owner", "/labels/*");
        assertThat(violations).anyMatch(each -> each.pointer().equals(shown) && each.keyword().equals(keyword));
        assertThat(violations).allMatch(each -> each.pointer().equals(shown) || pointer.isEmpty());
    }

    @Test
    void a_branch_of_an_alternative_is_no_violation_of_its_own() {
        var data = EventBuilder.anEvent().without("privateKeyJwe").dataText();

        assertThat(violations(data)).containsExactly("the top (oneOf)");
    }

    @Test
    void names_the_missing_property_of_the_schema() {
        var data = EventBuilder.anEvent().with("targets", List.of(Map.of("service", "ELB"))).dataText();

        assertThat(violations(data)).containsExactly("/targets/0 (required project)");
    }

    @Test
    void a_label_is_the_events_text_even_if_it_is_called_like_a_property_of_the_schema() {
        var data = EventBuilder.anEvent().with("labels", Map.of("targets", 1)).dataText();

        assertThat(violations(data)).containsExactly("/labels/* (type)");
    }

    @ParameterizedTest
    @ValueSource(strings = { "2026-99-99T00:00:00Z", "2026-02-30T00:00:00Z", "2026-12-20T24:00:01Z" })
    void a_time_must_be_a_date_of_the_calendar(String time) {
        var data = EventBuilder.anEvent().with("replaces", Map.of("notAfter", time)).dataText();

        assertThat(violations(data)).containsExactly("/replaces/notAfter (format)");
    }

    @ParameterizedTest
    @ValueSource(strings = { "shop/www\n", "www example", "\u0000", "" })
    void a_certificate_name_is_matched_to_its_very_end(String name) {
        var data = EventBuilder.anEvent().with("certificateName", name).dataText();

        assertThat(violations(data)).isNotEmpty().allMatch(each -> each.startsWith("/certificateName ("));
    }

    @Test
    void counts_members_that_are_not_in_the_schema() throws IOException {
        var data = EventBuilder.JSON.readTree(EXAMPLES.resolve("valid/unknown-field.json").toFile());

        assertThat(schema.unknownFields(data)).isEqualTo(2);
    }

    private List<String> violations(String data) {
        return schema.violations(StrictJson.parse(data.getBytes(StandardCharsets.UTF_8))).stream()
                .map(EventSchema.Violation::toString).toList();
    }
}

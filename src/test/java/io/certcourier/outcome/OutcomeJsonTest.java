package io.certcourier.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.certcourier.contract.SchemaFiles;
import io.certcourier.outcome.Outcome.Delivered;
import io.certcourier.outcome.Outcome.DeliveryFailed;

class OutcomeJsonTest {

    private static final SchemaFiles SCHEMAS = SchemaFiles.ours();
    private static final ObjectMapper READER = new ObjectMapper()
            .registerModule(new SimpleModule().addDeserializer(Instant.class, new TimeReader()))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    static Stream<Outcome> deliveries() {
        return Stream.of(SampleOutcomes.delivered(), SampleOutcomes.unchanged());
    }

    static Stream<DeliveryFailed> failures() {
        return SampleOutcomes.failures();
    }

    static Stream<Path> deliveredExamples() {
        return SCHEMAS.examples("cert-delivered", "valid").stream();
    }

    static Stream<Path> failedExamples() {
        return SCHEMAS.examples("cert-delivery-failed", "valid").stream();
    }

    @ParameterizedTest
    @MethodSource("deliveries")
    void delivery_follows_its_schema_and_adds_nothing(Outcome delivery) throws IOException {
        var json = READER.readTree(OutcomeJson.write(delivery));

        assertThat(SCHEMAS.closedViolations("cert-delivered", json)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failure_follows_its_schema_and_adds_nothing(DeliveryFailed failure) throws IOException {
        var json = READER.readTree(OutcomeJson.write(failure));

        assertThat(SCHEMAS.closedViolations("cert-delivery-failed", json)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ReasonCode.class)
    void every_reason_can_be_told(ReasonCode code) throws IOException {
        var json = READER.readTree(OutcomeJson.write(SampleOutcomes.failed(code)));

        assertThat(SCHEMAS.closedViolations("cert-delivery-failed", json)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("deliveredExamples")
    void delivered_example_survives_reading_and_writing(Path example) throws IOException {
        var json = withoutLaterAdditions(SchemaFiles.read(example));

        var written = OutcomeJson.write(READER.treeToValue(SchemaFiles.read(example), Delivered.class));

        assertThat(READER.readTree(written)).isEqualTo(json);
    }

    @ParameterizedTest
    @MethodSource("failedExamples")
    void failed_example_survives_reading_and_writing(Path example) throws IOException {
        var json = SchemaFiles.read(example);

        var written = OutcomeJson.write(READER.treeToValue(json, DeliveryFailed.class));

        assertThat(READER.readTree(written)).isEqualTo(json);
    }

    @Test
    void times_have_exactly_three_digits_of_milliseconds() {
        assertThat(OutcomeJson.time(Instant.parse("2026-11-24T03:15:05Z"))).isEqualTo("2026-11-24T03:15:05.000Z");
        assertThat(OutcomeJson.time(Instant.parse("2026-11-24T03:15:05.961999Z"))).isEqualTo("2026-11-24T03:15:05.961Z");
    }

    @Test
    void the_same_outcome_is_written_with_the_same_bytes() {
        assertThat(OutcomeJson.write(SampleOutcomes.partial())).isEqualTo(OutcomeJson.write(SampleOutcomes.partial()));
    }

    private static JsonNode withoutLaterAdditions(JsonNode example) {
        return ((ObjectNode) example).without("probe");
    }

    private static final class TimeReader extends StdDeserializer<Instant> {

        TimeReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return Instant.parse(json.getText());
        }
    }
}

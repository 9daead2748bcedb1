package io.certcourier.intake;

import static io.certcourier.intake.EventBuilder.aHeader;
import static io.certcourier.intake.EventBuilder.aRecord;
import static io.certcourier.intake.EventBuilder.anEvent;
import static io.certcourier.intake.ReaderBuilder.aReader;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.certcourier.certificate.Target;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.renewal.RenewalRequest;

class EventReaderTest {

    @TempDir
    static Path directory;
    private static Path recipientKeys;

    @BeforeAll
    static void write_recipient_keys() {
        recipientKeys = EventBuilder.RECIPIENT.fileIn(directory);
    }

    @Test
    void a_binary_event_becomes_a_renewal_that_can_be_delivered() {
        var event = anEvent().attribute("correlationid", "order-7").attribute("subject", "shop/www.example.com")
                .attribute("expirytime", "2026-12-20T23:59:59+01:00").with("idempotencyKey", "www.example.com:17")
                .with("sequence", 17).with("labels", Map.of("owner", "team-shop")).with("redeliver", "always")
                .with("reason", "renewal").with("requestedBy", "certbot@web-3")
                .with("replaces", Map.of("notAfter", "2026-12-20T23:59:59Z"));

        var request = request(aReader(recipientKeys).build().read(event.binary()));

        assertThat(request.id()).hasToString("8376464f-c7e5-8048-80c5-d2862540b59a");
        assertThat(request.rejection()).isNull();
        assertThat(request.certificateName()).isEqualTo("shop/www.example.com");
        assertThat(request.account()).isEqualTo("prod");
        assertThat(request.targets()).containsExactly(Target.parse("CDN"));
        assertThat(request.sequence()).isEqualTo(17);
        assertThat(request.eventTime()).isEqualTo(Instant.parse("2026-11-24T03:15:00Z"));
        assertThat(request.expiryTime()).isEqualTo(Instant.parse("2026-12-20T22:59:59Z"));
        assertThat(request.replacesNotAfter()).isEqualTo(Instant.parse("2026-12-20T23:59:59Z"));
        assertThat(request.always()).isTrue();
        assertThat(request.labels()).containsExactly(Map.entry("owner", "team-shop"));
        assertThat(request.reason()).isEqualTo("renewal");
        assertThat(request.requestedBy()).isEqualTo("certbot@web-3");
        assertThat(request.origin()).isEqualTo(new RenewalRequest.EventOrigin("kafka", "urn:certbot:web-3",
                "www.example.com:1", "www.example.com:17", "order-7", null, "cert-renewed", 3, 1847L, EventBuilder.NOW));
        assertThat(request.bundle().facts().subjectAltNames()).contains("www.example.com", "example.com");
        request.bundle().close();
    }

    @Test
    void all_forms_of_an_event_are_the_same_renewal() {
        var reader = aReader(recipientKeys).build();
        var event = anEvent();
        var inBase64 = anEvent().attribute("data_base64",
                Base64.getEncoder().encodeToString(event.dataText().getBytes(StandardCharsets.UTF_8)));

        var readings = List.of(reader.read(event.binary()), reader.read(event.structured()), reader.read(inBase64.structured()),
                reader.read(aRecord(event.eventText(), List.of())));

        assertThat(readings).extracting(Reading::form).containsExactly(Envelope.Form.BINARY, Envelope.Form.STRUCTURED,
                Envelope.Form.STRUCTURED, Envelope.Form.STRUCTURED);
        assertThat(readings).extracting(reading -> request(reading).id()).containsOnly(request(readings.get(0)).id());
        assertThat(readings).extracting(reading -> request(reading).payloadHash())
                .allMatch(hash -> Arrays.equals(hash, request(readings.get(0)).payloadHash()));
        readings.forEach(Reading::close);
    }

    @Test
    void plain_json_gets_source_and_id_from_its_record() {
        var record = anEvent().plain();

        var request = request(aReader(recipientKeys).build().read(record));

        assertThat(request.rejection()).isNull();
        assertThat(request.origin().source()).isEqualTo("urn:certcourier:kafka:cert-renewed");
        assertThat(request.origin().eventId()).isEqualTo("sha256:" + Identity.sha256Hex(record.value()));
        assertThat(request.eventTime()).isEqualTo(EventBuilder.NOW);
        request.bundle().close();
    }

    @ParameterizedTest
    @MethodSource("io.certcourier.intake.EventSchemaTest#validExamples")
    void every_valid_example_passes_envelope_and_schema(Path example) throws IOException {
        var reader = aReader(recipientKeys).route("*", "prod", "CDN").acceptingPlaintextKeys().build();

        var request = request(reader.read(aRecord(Files.readAllBytes(example), List.of())));

        switch (example.getFileName().toString()) {
            case "plaintext-key.json" -> assertThat(request.rejection()).isNull();
            case "service-unknown-to-schema.json", "sub-project.json" ->
                assertThat(request.rejection().code()).isEqualTo(ReasonCode.TARGET_NOT_ALLOWED);
            // its recipient key was thrown away; ours has the same kid
            default -> assertThat(request.rejection().code()).isEqualTo(ReasonCode.KEY_DECRYPT_FAILED);
        }
    }

    @Test
    void the_structured_example_has_the_identity_that_the_contract_names() throws IOException {
        byte[] example = Files.readAllBytes(Path.of("schemas/examples/cert-renewed/structured/structured-event.json"));

        var request = request(aReader(recipientKeys).build().read(aRecord(example, List.of())));

        assertThat(request.id()).hasToString("8376464f-c7e5-8048-80c5-d2862540b59a");
        assertThat(request.origin().traceparent()).startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-");
        assertThat(request.rejection().code()).isEqualTo(ReasonCode.KEY_DECRYPT_FAILED);
    }

    @ParameterizedTest
    @MethodSource("io.certcourier.intake.EventSchemaTest#invalidExamples")
    void every_invalid_example_is_refused_with_place_and_keyword(Path example, String pointer, String keyword)
            throws IOException {
        var refusal = refusal(aReader(recipientKeys).build().read(aRecord(Files.readAllBytes(example), List.of())));

        String place = pointer.isEmpty() ? "the top" : pointer.replace("/labels/owner", "/labels/*");
        assertThat(refusal.code()).isEqualTo(ReasonCode.SCHEMA_VIOLATION);
        assertThat(refusal.detail()).contains(place + " (" + keyword);
    }

    @Test
    void a_refusal_tells_the_name_and_id_that_could_be_read() {
        var refusal = refusal(aReader(recipientKeys).build().read(anEvent().with("sequence", -1).binary()));

        assertThat(refusal.certificateName()).isEqualTo("shop/www.example.com");
        assertThat(refusal.attributes().id()).isEqualTo("www.example.com:1");
        assertThat(refusal.attributes().source()).isEqualTo("urn:certbot:web-3");
    }

    @Test
    void a_refusal_tells_the_good_attributes_beside_a_bad_one() {
        var event = anEvent().attribute("time", "yesterday").header("traceparent",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        var refusal = refusal(aReader(recipientKeys).build().read(event.binary()));

        assertThat(refusal.code()).isEqualTo(ReasonCode.ENVELOPE_INVALID);
        assertThat(refusal.detail()).isEqualTo("Attribute time is not an RFC 3339 time.");
        assertThat(refusal.attributes().id()).isEqualTo("www.example.com:1");
        assertThat(refusal.attributes().time()).isNull();
        assertThat(refusal.attributes().traceparent()).startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-");
    }

    @Test
    void the_trace_header_of_the_record_goes_before_the_attribute() {
        String good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        String other = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-00";
        var reader = aReader(recipientKeys).build();

        var both = reader.read(anEvent().header("traceparent", good).attribute("traceparent", other).binary());
        var badHeader = reader.read(anEvent().header("traceparent", "00-zz").attribute("traceparent", other).structured());
        var noneGood = reader.read(anEvent().attribute("traceparent", 7).structured());

        assertThat(both.attributes().traceparent()).isEqualTo(good);
        assertThat(badHeader.attributes().traceparent()).isEqualTo(other);
        assertThat(noneGood.attributes().traceparent()).isNull();
        assertThat(request(noneGood).rejection()).isNull();
        List.of(both, badHeader, noneGood).forEach(Reading::close);
    }

    @ParameterizedTest
    @ValueSource(longs = { -1, 0, Long.MAX_VALUE, 253402300800000L })
    void a_record_time_that_is_no_date_is_replaced_by_the_arrival(long timestamp) {
        var record = new IncomingRecord(Place.record("cert-renewed", 0, 0), timestamp, List.of(), null, null);

        assertThat(aReader(recipientKeys).build().read(record).trace().recordTime()).isEqualTo(EventBuilder.NOW);
    }

    @Test
    void content_type_may_be_absent() {
        var headers = List.of(aHeader("ce_specversion", "1.0"), aHeader("ce_type", Attributes.TYPE), aHeader("ce_id", "1"),
                aHeader("ce_source", "urn:test"));

        var request = request(aReader(recipientKeys).build().read(aRecord(anEvent().dataText(), headers)));

        assertThat(request.rejection()).isNull();
        request.bundle().close();
    }

    private static RenewalRequest request(Reading reading) {
        assertThat(reading).as(() -> reading instanceof Reading.Refusal refusal ? refusal.code() + " " + refusal.detail() : "")
                .isInstanceOf(Reading.Event.class);
        return ((Reading.Event) reading).request();
    }

    private static Reading.Refusal refusal(Reading reading) {
        assertThat(reading).isInstanceOf(Reading.Refusal.class);
        return (Reading.Refusal) reading;
    }
}

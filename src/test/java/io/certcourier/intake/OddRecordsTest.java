package io.certcourier.intake;

import static io.certcourier.intake.EventBuilder.aHeader;
import static io.certcourier.intake.EventBuilder.aRecord;
import static io.certcourier.intake.EventBuilder.anEvent;
import static io.certcourier.outcome.ReasonCode.ENVELOPE_INVALID;
import static io.certcourier.outcome.ReasonCode.MALFORMED_JSON;
import static io.certcourier.outcome.ReasonCode.PAYLOAD_TOO_LARGE;
import static io.certcourier.outcome.ReasonCode.SCHEMA_VIOLATION;
import static io.certcourier.outcome.ReasonCode.TOMBSTONE;
import static io.certcourier.outcome.ReasonCode.UNSUPPORTED_TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.certcourier.outcome.ReasonCode;

/** Records that other readers crash on, or read differently. */
class OddRecordsTest {

    private static final List<IncomingRecord.Header> NONE = List.of();

    private final EventReader reader = new ReaderBuilder().build();

    static Stream<Arguments> values() {
        String data = anEvent().dataText();
        return Stream.of(
                arguments("no value", null, TOMBSTONE),
                arguments("1 MiB", new byte[1 << 20], PAYLOAD_TOO_LARGE),
                arguments("one byte too large", pad(65537), PAYLOAD_TOO_LARGE),
                arguments("nothing", utf8(""), MALFORMED_JSON),
                arguments("blanks", utf8("  "), MALFORMED_JSON),
                arguments("a word", utf8("SECRETKEY"), MALFORMED_JSON),
                arguments("half an object", utf8("{\"certificateName\":"), MALFORMED_JSON),
                arguments("text after the value", utf8(data + " x"), MALFORMED_JSON),
                arguments("two values", utf8(data + data), MALFORMED_JSON),
                arguments("a member twice", utf8("{\"a\":1,\"a\":2}"), MALFORMED_JSON),
                arguments("a comment", utf8("{} // no"), MALFORMED_JSON),
                arguments("single quotes", utf8("{'a':1}"), MALFORMED_JSON),
                arguments("NaN", utf8("{\"a\":NaN}"), MALFORMED_JSON),
                arguments("nesting of 21", utf8("[".repeat(21) + "]".repeat(21)), MALFORMED_JSON),
                arguments("nesting of 20", utf8("[".repeat(20) + "]".repeat(20)), SCHEMA_VIOLATION),
                arguments("bad UTF-8", new byte[] { '"', (byte) 0xC3, '(', '"' }, MALFORMED_JSON),
                arguments("overlong UTF-8", new byte[] { '"', (byte) 0xC0, (byte) 0xAF, '"' }, MALFORMED_JSON),
                arguments("UTF-16", data.getBytes(StandardCharsets.UTF_16BE), MALFORMED_JSON),
                arguments("UTF-32", data.getBytes(Charset.forName("UTF-32BE")), MALFORMED_JSON),
                arguments("a byte order mark", utf8("\ufeff" + data), MALFORMED_JSON),
                arguments("half a surrogate pair", utf8("{\"requestedBy\":\"\\ud800\"}"), MALFORMED_JSON),
                arguments("half a surrogate pair as name", utf8("{\"\\udc00\":1}"), MALFORMED_JSON),
                arguments("null", utf8("null"), SCHEMA_VIOLATION),
                arguments("a number of 400 digits", utf8("{\"sequence\":1e400}"), SCHEMA_VIOLATION),
                arguments("a string", utf8("\"text\""), SCHEMA_VIOLATION),
                arguments("an empty object", utf8("{}"), SCHEMA_VIOLATION),
                arguments("specversion without the rest", utf8("{\"specversion\":\"1.0\"}"), ENVELOPE_INVALID),
                arguments("old specversion", event("specversion", "0.3"), ENVELOPE_INVALID),
                arguments("specversion as number", event("specversion", 1.0), ENVELOPE_INVALID),
                arguments("empty id", event("id", ""), ENVELOPE_INVALID),
                arguments("id as number", event("id", 7), ENVELOPE_INVALID),
                arguments("null id", event("id", null), ENVELOPE_INVALID),
                arguments("id of 257", event("id", "x".repeat(257)), ENVELOPE_INVALID),
                arguments("line break in id", event("id", "a\nb"), ENVELOPE_INVALID),
                arguments("source that is no URI", event("source", "not a uri"), ENVELOPE_INVALID),
                arguments("bad time", event("time", "2026-11-24"), ENVELOPE_INVALID),
                arguments("time without seconds", event("time", "2026-11-24T03:15Z"), ENVELOPE_INVALID),
                arguments("time of no calendar", event("time", "2026-02-30T00:00:00Z"), ENVELOPE_INVALID),
                arguments("time before all times", event("time", "0000-01-01T00:00:00Z"), ENVELOPE_INVALID),
                arguments("bad expirytime", event("expirytime", "never"), ENVELOPE_INVALID),
                arguments("other subject", event("subject", "other"), ENVELOPE_INVALID),
                arguments("data that is no JSON by its type", event("datacontenttype", "application/xml"), ENVELOPE_INVALID),
                arguments("correlationid with NUL", event("correlationid", "a\u0000"), ENVELOPE_INVALID),
                arguments("other type", event("type", "io.certcourier.certificate.delivered.v1"), UNSUPPORTED_TYPE),
                arguments("next major", event("type", "io.certcourier.certificate.renewed.v2"), UNSUPPORTED_TYPE),
                arguments("no data", event("data", null), ENVELOPE_INVALID),
                arguments("data as text", event("data", data), SCHEMA_VIOLATION),
                arguments("data twice", utf8("{\"data_base64\":\"e30=\"," + anEvent().eventText().substring(1)),
                        ENVELOPE_INVALID),
                arguments("bad base64", event("data_base64", "%%"), ENVELOPE_INVALID),
                arguments("base64 as number", event("data_base64", 1234), ENVELOPE_INVALID),
                arguments("base64 as object", event("data_base64", List.of()), ENVELOPE_INVALID),
                arguments("base64 of no JSON", event("data_base64", "e30x"), MALFORMED_JSON),
                arguments("base64 of an empty object", event("data_base64", "e30="), SCHEMA_VIOLATION));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("values")
    void odd_values_are_refused(String what, byte[] value, ReasonCode expected) {
        var reading = reader.read(aRecord(value, NONE));

        assertThat(reading).isInstanceOfSatisfying(Reading.Refusal.class,
                refusal -> assertThat(refusal.code()).as(refusal.detail()).isEqualTo(expected));
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                arguments("null ce_id", aHeader("ce_id", null), ENVELOPE_INVALID),
                arguments("null content-type", aHeader("content-type", null), ENVELOPE_INVALID),
                arguments("null extension", aHeader("ce_foo", null), ENVELOPE_INVALID),
                arguments("header twice", aHeader("ce_id", "other"), ENVELOPE_INVALID),
                arguments("header twice in other case", aHeader("CE_ID", "other"), ENVELOPE_INVALID),
                arguments("content type twice", aHeader("Content-Type", "application/json"), ENVELOPE_INVALID),
                arguments("subject that is not UTF-8", new IncomingRecord.Header("ce_subject", new byte[] { (byte) 0xFF }),
                        ENVELOPE_INVALID),
                arguments("bad expirytime", aHeader("ce_expirytime", "soon"), ENVELOPE_INVALID));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("headers")
    void odd_headers_are_refused(String what, IncomingRecord.Header odd, ReasonCode expected) {
        var good = anEvent().binary();
        var headers = new ArrayList<>(good.headers());
        headers.add(odd);

        var reading = reader.read(aRecord(good.value(), headers));

        assertThat(reading).isInstanceOfSatisfying(Reading.Refusal.class,
                refusal -> assertThat(refusal.code()).isEqualTo(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = { "application/cloudevents-batch+json", "application/cloudevents+avro", "application/cloudevents",
            "application/cloudevents+json; charset=latin1" })
    void other_formats_of_events_are_refused(String contentType) {
        var reading = reader.read(aRecord(anEvent().eventText(), List.of(aHeader("content-type", contentType))));

        assertThat(reading).isInstanceOfSatisfying(Reading.Refusal.class,
                refusal -> assertThat(refusal.code()).isEqualTo(ENVELOPE_INVALID));
    }

    @ParameterizedTest
    @ValueSource(strings = { "application/xml", "application/json;charset=iso-8859-1", "", ";" })
    void plain_data_is_refused_if_its_content_type_is_not_json(String contentType) {
        var reading = reader.read(aRecord(anEvent().dataText(), List.of(aHeader("content-type", contentType))));

        assertThat(reading).isInstanceOfSatisfying(Reading.Refusal.class,
                refusal -> assertThat(refusal.code()).isEqualTo(ENVELOPE_INVALID));
    }

    @ParameterizedTest
    @ValueSource(strings = { "application/json", "text/json", "application/vnd.example+json; charset=\"UTF-8\"" })
    void plain_data_may_have_any_json_type(String contentType) {
        var reading = reader.read(aRecord(anEvent().dataText(), List.of(aHeader("Content-Type", contentType))));

        assertThat(reading).isInstanceOf(Reading.Event.class);
    }

    @Test
    void media_types_are_compared_without_case() {
        var header = aHeader("content-type", "Application/CloudEvents+JSON");

        assertThat(reader.read(aRecord(anEvent().eventText(), List.of(header))).form()).isEqualTo(Envelope.Form.STRUCTURED);
    }

    @Test
    void headers_that_are_no_attributes_do_not_matter() {
        var event = anEvent().header("trace", null).header("trace", "twice").header("traceparent", null);

        assertThat(reader.read(event.binary())).isInstanceOf(Reading.Event.class);
    }

    @Test
    void extensions_are_not_read() {
        var event = anEvent().attribute("vendor", List.of(1, 2)).attribute("dataschema", "urn:x").attribute("correlationid",
                "");

        assertThat(reader.read(event.structured())).isInstanceOfSatisfying(Reading.Event.class,
                read -> assertThat(read.request().origin().correlationId()).isNull());
    }

    @Test
    void a_null_attribute_is_an_absent_one() {
        var reading = reader.read(anEvent().attribute("time", null).attribute("subject", null).structured());

        assertThat(reading).isInstanceOfSatisfying(Reading.Event.class,
                event -> assertThat(event.request().eventTime()).isEqualTo(EventBuilder.NOW));
    }

    private static byte[] event(String attribute, Object value) {
        return utf8(anEvent().attribute(attribute, value).eventText());
    }

    private static byte[] pad(int size) {
        String data = anEvent().dataText();
        return utf8(data + " ".repeat(size - data.length()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

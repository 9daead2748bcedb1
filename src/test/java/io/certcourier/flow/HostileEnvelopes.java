package io.certcourier.flow;

import static io.certcourier.flow.HostileRecord.event;
import static io.certcourier.flow.HostileRecord.good;
import static io.certcourier.flow.HostileRecord.harmless;
import static io.certcourier.flow.HostileRecord.structured;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.apache.kafka.common.header.internals.RecordHeader;

/** Headers, attributes and content types that are not what they should be. */
final class HostileEnvelopes {

    private static final String CLOUD_EVENT = "application/cloudevents+json";

    private HostileEnvelopes() {
    }

    static Stream<HostileRecord> all() {
        return Stream.of(attributes(), headers(), times(), types()).flatMap(List::stream);
    }

    private static List<HostileRecord> attributes() {
        return List.of(
                replaced("specversion 2.0", "ce_specversion", "2.0"),
                replaced("specversion 1", "ce_specversion", "1"),
                replaced("specversion 1.0.0", "ce_specversion", "1.0.0"),
                replaced("specversion with blank", "ce_specversion", " 1.0"),
                replaced("specversion in full width", "ce_specversion", "\uff11.\uff10"),
                replaced("no id", "ce_id", ""),
                replaced("NUL in the id", "ce_id", "a\u0000b"),
                replaced("id of 257", "ce_id", "x".repeat(257)),
                replaced("source that is no URI", "ce_source", "a b\\c"),
                replaced("line feed in the source", "ce_source", "urn:a\nforged log line"),
                event("another subject", "ENVELOPE_INVALID", good().withHeader("ce_subject", "other.example.com")),
                event("correlationid of 64 kB", "ENVELOPE_INVALID", good().withHeader("ce_correlationid", "x".repeat(65_536))),
                type("type of tomorrow", "io.certcourier.certificate.renewed.v2"),
                type("type with blank", "io.certcourier.certificate.renewed.v1 "),
                type("type of ours", "io.certcourier.certificate.delivered.v1"));
    }

    private static List<HostileRecord> headers() {
        var thousand = TestEvent.fresh("headers");
        for (int i = 0; i < 1000; i++) {
            thousand = thousand.withHeader("ce_x" + i, "y".repeat(20));
        }
        var noText = new ArrayList<>(good().headers());
        noText.add(new RecordHeader("ce_subject", new byte[] { (byte) 0xff }));
        return List.of(
                event("id twice", "ENVELOPE_INVALID", good().withHeader("ce_id", "again")),
                event("id twice in other case", "ENVELOPE_INVALID", good().withHeader("Ce_Id", "again")),
                event("null header", "ENVELOPE_INVALID", good().withHeader("ce_time", null)),
                event("content type twice", "ENVELOPE_INVALID", good().withHeader("Content-Type", "application/json")),
                event("extension twice", "ENVELOPE_INVALID", good().withHeader("ce_a", "1").withHeader("ce_a", "2")),
                event("header that is no text", "ENVELOPE_INVALID",
                        new TestEvent("urn:test:flow", "x", good().fields(), noText)),
                harmless("1,000 extensions", "SUCCEEDED", thousand),
                harmless("traceparent of 64 kB", "SUCCEEDED",
                        TestEvent.fresh("trace").withHeader("traceparent", "0".repeat(65_536))),
                harmless("headers of another kind", "SUCCEEDED",
                        TestEvent.fresh("others").withHeader("", "a").withHeader("x", null).withHeader("x", "\u0000")));
    }

    private static List<HostileRecord> times() {
        return List.of(
                time("a day", "2026-11-24"),
                time("no zone", "2026-11-24T03:15:02"),
                time("a blank for T", "2026-11-24 03:15:02Z"),
                time("hour 24", "2026-11-24T24:00:00Z"),
                time("30 February", "2026-02-30T00:00:00Z"),
                time("year 0", "0000-01-01T00:00:00Z"),
                time("year 10000", "10000-01-01T00:00:00Z"),
                time("year 10000 in UTC", "9999-12-31T23:59:59-01:00"),
                time("offset of 25 hours", "2026-11-24T03:15:02+25:00"),
                time("epoch seconds", "1795490102"),
                harmless("the last nanosecond of all", "SUCCEEDED",
                        TestEvent.fresh("late").withHeader("ce_time", "9999-12-31T23:59:59.999999999Z")),
                harmless("the first second of all", "SUCCEEDED",
                        TestEvent.fresh("early").withHeader("ce_time", "0001-01-01T00:00:00Z")),
                harmless("a leap second", "SUCCEEDED",
                        TestEvent.fresh("leap").withHeader("ce_time", "2016-12-31T23:59:60Z")),
                harmless("over before it came", "EXPIRED",
                        TestEvent.fresh("over").withHeader("ce_expirytime", "0001-01-01T00:00:00Z")),
                harmless("never over", "SUCCEEDED",
                        TestEvent.fresh("never").withHeader("ce_expirytime", "9999-12-31T23:59:59.999999999Z")),
                harmless("replaces one of the last second", "SUCCEEDED",
                        TestEvent.fresh("last").with("replaces",
                                java.util.Map.of("notAfter", "9999-12-31T23:59:59.999999999Z"))),
                harmless("replaces one of the first second", "SUCCEEDED",
                        TestEvent.fresh("first").with("replaces", java.util.Map.of("notAfter", "0001-01-01T00:00:00Z"))));
    }

    private static List<HostileRecord> types() {
        String data = new String(good().data(), UTF_8);
        String event = "{\"specversion\":\"1.0\",\"type\":\"io.certcourier.certificate.renewed.v1\",\"source\":\"urn:x\","
                + "\"id\":\"hostile\",";
        return List.of(
                replaced("XML", "content-type", "application/xml"),
                replaced("UTF-16", "content-type", "application/json; charset=utf-16"),
                replaced("only a semicolon", "content-type", ";"),
                replaced("64 kB", "content-type", "application/" + "a/".repeat(32_000)),
                structured("a batch", "ENVELOPE_INVALID", "application/cloudevents-batch+json", "[]"),
                structured("Avro", "ENVELOPE_INVALID", "application/cloudevents+avro", event + "\"data\":" + data + "}"),
                structured("Latin-1", "ENVELOPE_INVALID", CLOUD_EVENT + "; charset=iso-8859-1", event + "\"data\":{}}"),
                structured("data twice", "ENVELOPE_INVALID", CLOUD_EVENT, event + "\"data\":{},\"data_base64\":\"e30=\"}"),
                structured("no data", "ENVELOPE_INVALID", CLOUD_EVENT, event + "\"data\":null}"),
                structured("data as text", "SCHEMA_VIOLATION", CLOUD_EVENT, event + "\"data\":\"{}\"}"),
                structured("zip in base64", "MALFORMED_JSON", CLOUD_EVENT, event + "\"data_base64\":\"UEsDBBQAAAAIAA==\"}"),
                structured("no base64", "ENVELOPE_INVALID", CLOUD_EVENT, event + "\"data_base64\":\"=\"}"),
                structured("base64 as object", "ENVELOPE_INVALID", CLOUD_EVENT, event + "\"data_base64\":{\"a\":1}}"),
                structured("id as object", "ENVELOPE_INVALID", CLOUD_EVENT,
                        event.replace("\"hostile\"", "{\"a\":[1]}") + "\"data\":{}}"),
                structured("specversion as number", "ENVELOPE_INVALID", CLOUD_EVENT,
                        event.replace("\"1.0\"", "1.0") + "\"data\":{}}"),
                structured("a list", "ENVELOPE_INVALID", CLOUD_EVENT, "[" + event + "\"data\":{}}]"));
    }

    private static HostileRecord replaced(String what, String header, String value) {
        return event(header + ": " + what, "ENVELOPE_INVALID", good().withoutHeader(header).withHeader(header, value));
    }

    private static HostileRecord type(String what, String type) {
        return event(what, "UNSUPPORTED_TYPE", good().withoutHeader("ce_type").withHeader("ce_type", type));
    }

    private static HostileRecord time(String what, String time) {
        return event("time: " + what, "ENVELOPE_INVALID", good().withHeader("ce_time", time));
    }
}

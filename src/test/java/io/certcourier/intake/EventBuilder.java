package io.certcourier.intake;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.certificate.TestCa;

/** A good event for {@code www.example.com}; each method makes it differ in one thing. */
final class EventBuilder {

    static final ObjectMapper JSON = new ObjectMapper();
    static final String TOPIC = "cert-renewed";
    static final Recipient RECIPIENT = new Recipient("2026-11");
    static final TestCa CA = TestCa.createWithIntermediates(2);
    static final IssuedCertificate LEAF = CA.issue("www.example.com", "example.com");

    /** When the records are written and read. */
    static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private static final String KEY_JWE = RECIPIENT.encrypt(LEAF.keyPem());

    private final ObjectNode data = JSON.createObjectNode();
    private final ObjectNode attributes = JSON.createObjectNode();
    private final List<IncomingRecord.Header> headers = new ArrayList<>();

    static EventBuilder anEvent() {
        var builder = new EventBuilder();
        builder.data.put("certificateName", "shop/www.example.com").put("certificatePem", LEAF.leafPem())
                .put("chainPem", LEAF.chainPem()).put("privateKeyJwe", KEY_JWE).put("account", "prod");
        builder.data.putArray("targets").addObject().put("service", "CDN");
        builder.attributes.put("specversion", "1.0").put("type", "io.certcourier.certificate.renewed.v1")
                .put("source", "urn:certbot:web-3").put("id", "www.example.com:1").put("time", "2026-11-24T03:15:00Z");
        return builder;
    }

    EventBuilder with(String field, Object value) {
        data.set(field, JSON.valueToTree(value));
        return this;
    }

    EventBuilder without(String field) {
        data.remove(field);
        return this;
    }

    EventBuilder attribute(String name, Object value) {
        attributes.set(name, JSON.valueToTree(value));
        return this;
    }

    EventBuilder withoutAttribute(String name) {
        attributes.remove(name);
        return this;
    }

    EventBuilder header(String name, String value) {
        headers.add(aHeader(name, value));
        return this;
    }

    String dataText() {
        return data.toString();
    }

    /** Attributes as ce_ headers, and content-type. */
    IncomingRecord binary() {
        var all = new ArrayList<>(headers);
        attributes.properties().forEach(each -> all.add(aHeader("ce_" + each.getKey(), each.getValue().asText())));
        all.add(aHeader("content-type", "application/json"));
        return aRecord(data.toString(), all);
    }

    IncomingRecord structured() {
        var all = new ArrayList<>(headers);
        all.add(aHeader("content-type", "application/cloudevents+json; charset=UTF-8"));
        return aRecord(eventText(), all);
    }

    /** The structured event as text. */
    String eventText() {
        JsonNode event = attributes.has("data") || attributes.has("data_base64") ? attributes
                : attributes.deepCopy().set("data", data);
        return event.toString();
    }

    /** No attribute at all. */
    IncomingRecord plain() {
        return aRecord(data.toString(), headers);
    }

    static IncomingRecord.Header aHeader(String name, String value) {
        return new IncomingRecord.Header(name, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    static IncomingRecord aRecord(String value, List<IncomingRecord.Header> headers) {
        return aRecord(value == null ? null : value.getBytes(StandardCharsets.UTF_8), headers);
    }

    static IncomingRecord aRecord(byte[] value, List<IncomingRecord.Header> headers) {
        return new IncomingRecord(Place.record(TOPIC, 3, 1847), NOW.toEpochMilli(), headers, value, null);
    }
}

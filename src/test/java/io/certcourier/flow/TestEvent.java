package io.certcourier.flow;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.certcourier.certificate.IssuedCertificate;

/** A cert-renewed event with valid defaults; each method answers a changed copy. */
public record TestEvent(String source, String id, Map<String, Object> fields, List<Header> headers) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A delivery of this certificate to CDN, ELB and WAF by the default account. */
    public static TestEvent of(String certificateName, IssuedCertificate certificate) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("certificateName", certificateName);
        fields.put("certificatePem", certificate.leafPem());
        fields.put("chainPem", certificate.chainPem());
        fields.put("privateKeyPem", certificate.keyPem());
        fields.put("account", "default");
        fields.put("targets", targets("CDN", "ELB@cn-north-4", "WAF@cn-north-4"));
        return new TestEvent("urn:test:flow", UUID.randomUUID().toString(), fields, List.of()).withEnvelope();
    }

    /** A fresh name and certificate. */
    public static TestEvent fresh(String story) {
        String name = Flow.freshName(story);
        return of(name, Flow.CA.issue(name));
    }

    public static List<Map<String, String>> targets(String... targets) {
        var list = new ArrayList<Map<String, String>>();
        for (String target : targets) {
            int at = target.indexOf('@');
            list.add(at < 0 ? Map.of("service", target)
                    : Map.of("service", target.substring(0, at), "project", target.substring(at + 1)));
        }
        return list;
    }

    public TestEvent with(String field, Object value) {
        var changed = new LinkedHashMap<>(fields);
        if (value == null) {
            changed.remove(field);
        } else {
            changed.put(field, value);
        }
        return new TestEvent(source, id, changed, headers);
    }

    public TestEvent withId(String otherId) {
        return new TestEvent(source, otherId, fields, headers).withEnvelope();
    }

    /** The same header again, or another one; a null value is a null header. */
    public TestEvent withHeader(String name, String value) {
        var more = new ArrayList<>(headers);
        more.add(new RecordHeader(name, value == null ? null : value.getBytes(UTF_8)));
        return new TestEvent(source, id, fields, more);
    }

    public TestEvent withoutHeader(String name) {
        return new TestEvent(source, id, fields, headers.stream().filter(h -> !h.key().equals(name)).toList());
    }

    private TestEvent withEnvelope() {
        return new TestEvent(source, id, fields, List.of()).withHeader("ce_specversion", "1.0")
                .withHeader("ce_type", "io.certcourier.certificate.renewed.v1").withHeader("ce_source", source)
                .withHeader("ce_id", id)
                .withHeader("content-type", "application/json");
    }

    public String certificateName() {
        return (String) fields.get("certificateName");
    }

    public UUID renewalId() {
        return Flow.renewalId(source, (String) fields.getOrDefault("idempotencyKey", id));
    }

    public byte[] data() {
        try {
            return JSON.writeValueAsBytes(fields);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}

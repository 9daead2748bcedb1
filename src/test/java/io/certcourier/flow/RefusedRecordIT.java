package io.certcourier.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.certcourier.flow.FlowPlatform.Started;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

/**
 * Bad records are refused with their reason, the good ones around them are delivered, and nothing of their content comes out
 * again.
 */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class RefusedRecordIT {

    private static final String SECRET = "PLANTEDSECRET4711";

    @Started
    Flow flow;

    private static ProducerRecord<String, byte[]> plain(byte[] value) {
        return new ProducerRecord<>("cert-renewed", "key-" + SECRET, value);
    }

    /** One partition, so that order shows that the channel goes on. */
    private static ProducerRecord<String, byte[]> record(TestEvent event) {
        return new ProducerRecord<>("cert-renewed", null, event.certificateName(), event.data(), event.headers());
    }

    private static Map<String, ProducerRecord<String, byte[]>> badRecords() {
        String name = Flow.freshName("bad");
        var good = TestEvent.of(name, Flow.CA.issue(name));
        var another = Flow.CA.issue("another.example.com");
        var bad = new LinkedHashMap<String, ProducerRecord<String, byte[]>>();
        bad.put("MALFORMED_JSON not json", plain(("this is not json " + SECRET).getBytes(UTF_8)));
        bad.put("MALFORMED_JSON twice", plain("{\"certificateName\":\"a\",\"certificateName\":\"b\"}".getBytes(UTF_8)));
        bad.put("TOMBSTONE", plain(null));
        var huge = new byte[1024 * 1024];
        Arrays.fill(huge, (byte) 'x');
        bad.put("PAYLOAD_TOO_LARGE", plain(huge));
        bad.put("SCHEMA_VIOLATION missing", record(good.withId("m1").with("certificatePem", null)));
        bad.put("SCHEMA_VIOLATION type", record(good.withId("m2").with("sequence", SECRET)));
        bad.put("UNSUPPORTED_TYPE", record(
                good.withId("m3").withoutHeader("ce_type").withHeader("ce_type", "io.certcourier.certificate.renewed.v9")));
        bad.put("ENVELOPE_INVALID version",
                record(good.withId("m4").withoutHeader("ce_specversion").withHeader("ce_specversion", "0.3")));
        bad.put("ENVELOPE_INVALID null", record(good.withId("m5").withHeader("ce_time", null)));
        bad.put("ENVELOPE_INVALID twice", record(good.withId("m6").withHeader("ce_id", "again")));
        bad.put("ENVELOPE_INVALID time", record(good.withId("m7").withHeader("ce_time", "yesterday " + SECRET)));
        bad.put("CERT_UNPARSABLE", record(
                fresh(good).with("certificatePem", "-----BEGIN CERTIFICATE-----\n" + SECRET + "\n-----END CERTIFICATE-----")));
        bad.put("KEY_MISMATCH", record(fresh(good).with("privateKeyPem", another.keyPem())));
        bad.put("CERT_EXPIRED", record(TestEvent.of(name, Flow.CA.leaf(name).expired().issue())));
        bad.put("CHAIN_INCOMPLETE", record(fresh(good).with("chainPem", null)));
        bad.put("ACCOUNT_UNKNOWN", record(fresh(good).with("account", "nobody")));
        bad.put("TARGET_NOT_ALLOWED", record(fresh(good).with("targets", TestEvent.targets("ELB@cn-east-3"))));
        return bad;
    }

    private static TestEvent fresh(TestEvent event) {
        return event.withId(java.util.UUID.randomUUID().toString());
    }

    @Test
    void every_bad_record_is_refused_and_the_good_ones_around_it_are_delivered() {
        var sent = new LinkedHashMap<String, RecordMetadata>();
        var goods = new java.util.ArrayList<TestEvent>();
        badRecords().forEach((reason, record) -> {
            var good = TestEvent.fresh("around");
            goods.add(good);
            flow.send(good);
            sent.put(reason, flow.send(record));
        });

        goods.forEach(good -> assertThat(flow.topics().await(good.renewalId()).outcome()).isEqualTo("SUCCEEDED"));
        sent.forEach((reason, at) -> {
            var refusal = flow.topics().awaitRefusal(at.partition(), at.offset());
            assertThat(OutcomeSchema.problems(refusal.outcome())).as(reason).isEmpty();
            assertThat(refusal.outcome().outcome()).as(reason).isEqualTo("REJECTED");
            assertThat(refusal.outcome().reasonCode()).isEqualTo(reason.split(" ")[0]);
            assertThat(refusal.letter().value()).as(reason + ": a dead letter has no value").isNull();
            assertThat(refusal.letter().headers()).containsEntry("dlq-reason-code", reason.split(" ")[0]);
        });
        assertNothingCameOut();
    }

    private void assertNothingCameOut() {
        for (var message : flow.topics().all()) {
            assertThat(message.headers().values().toString() + message.key()).doesNotContain(SECRET);
            assertThat(message.value() == null ? "" : new String(message.value(), UTF_8)).doesNotContain(SECRET);
        }
    }

    @Test
    void a_shuffled_chain_and_a_missing_content_type_are_no_reason_to_refuse() {
        String name = Flow.freshName("shuffled");
        var certificate = io.certcourier.certificate.TestCa.createWithIntermediates(2).issue(name);
        var shuffled = reversed(certificate.chainPem());
        var event = TestEvent.of(name, certificate).with("chainPem", shuffled).withoutHeader("content-type");

        flow.send(event);

        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED");
    }

    private static String reversed(String pem) {
        var blocks = new java.util.ArrayList<>(List.of(pem.split("(?<=-----END CERTIFICATE-----)\\s*")));
        java.util.Collections.reverse(blocks);
        return String.join("\n", blocks);
    }

    @Test
    void plain_json_and_structured_events_are_taken_as_well() {
        String name = Flow.freshName("structured");
        var event = TestEvent.of(name, Flow.CA.issue(name));
        String envelope = "{\"specversion\":\"1.0\",\"type\":\"io.certcourier.certificate.renewed.v1\",\"source\":\""
                + event.source() + "\",\"id\":\""
                + event.id() + "\",\"data\":" + new String(event.data(), UTF_8) + "}";
        var headers = List.<org.apache.kafka.common.header.Header> of(
                new RecordHeader("content-type", "application/cloudevents+json; charset=utf-8".getBytes(UTF_8)));
        var other = TestEvent.fresh("plain").with("idempotencyKey", "plain-" + name);

        flow.send(new ProducerRecord<>("cert-renewed", null, name, envelope.getBytes(UTF_8), headers));
        flow.send(plain(other.data()));

        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED");
        assertThat(flow.topics().await(Flow.renewalId("urn:certcourier:kafka:cert-renewed", "plain-" + name)).outcome())
                .isEqualTo("SUCCEEDED");
    }
}

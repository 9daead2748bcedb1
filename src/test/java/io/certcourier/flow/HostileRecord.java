package io.certcourier.flow;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.UUID;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

import io.certcourier.certificate.IssuedCertificate;

/**
 * One record that somebody sent to do harm, and what must become of it.
 *
 * @param expected the reason code; or the outcome, if the record is odd but good
 * @param renewal of a record that is odd but good; null if it is to be refused
 */
record HostileRecord(String what, String expected, ProducerRecord<String, byte[]> record, UUID renewal) {

    private static final IssuedCertificate LEAF = Flow.CA.issue("hostile.example.com");

    /** A plain record. */
    static HostileRecord value(String what, String expected, byte[] value) {
        return new HostileRecord(what, expected, record(value, List.of()), null);
    }

    static HostileRecord value(String what, String expected, String value) {
        return value(what, expected, value.getBytes(UTF_8));
    }

    /** A record with an envelope, to be refused. */
    static HostileRecord event(String what, String expected, TestEvent event) {
        return new HostileRecord(what, expected, record(event.data(), event.headers()), null);
    }

    /** A good event with this member, in JSON, before all others. */
    static HostileRecord member(String what, String expected, String member) {
        var event = good();
        return new HostileRecord(what, expected, record(withMember(event, member), event.headers()), null);
    }

    /** Odd, but nothing is wrong with it. */
    static HostileRecord harmless(String what, String outcome, TestEvent event) {
        return new HostileRecord(what, outcome, record(event.data(), event.headers()), event.renewalId());
    }

    /** The same with a member, in JSON, before all others. */
    static HostileRecord harmlessMember(String what, String member) {
        var event = TestEvent.fresh("odd");
        return new HostileRecord(what, "SUCCEEDED", record(withMember(event, member), event.headers()), event.renewalId());
    }

    /** In structured mode. */
    static HostileRecord structured(String what, String expected, String contentType, String event) {
        return new HostileRecord(what, expected,
                record(event.getBytes(UTF_8), List.of(new RecordHeader("content-type", contentType.getBytes(UTF_8)))), null);
    }

    /** An event that would be delivered, with an id of its own. */
    static TestEvent good() {
        return TestEvent.of("hostile.example.com", LEAF).withId(UUID.randomUUID().toString());
    }

    /** Of one certificate for all, so that the table is made fast. */
    static IssuedCertificate leaf() {
        return LEAF;
    }

    private static byte[] withMember(TestEvent event, String member) {
        return ("{" + member + "," + new String(event.data(), UTF_8).substring(1)).getBytes(UTF_8);
    }

    private static ProducerRecord<String, byte[]> record(byte[] value, List<Header> headers) {
        return new ProducerRecord<>("cert-renewed", null, UUID.randomUUID().toString(), value, headers);
    }

    @Override
    public String toString() {
        return expected + ": " + what;
    }
}

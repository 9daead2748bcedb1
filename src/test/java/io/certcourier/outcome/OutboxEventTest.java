package io.certcourier.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.cloudevents.kafka.KafkaMessageFactory;
import io.smallrye.config.SmallRyeConfigBuilder;

class OutboxEventTest {

    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final Cause CAUSE = new Cause("event-1", "order-7", TRACEPARENT);
    private static final URI SOURCE = URI.create("urn:certcourier");
    private static final OutcomeTopics TOPICS = new OutcomeTopics(new SmallRyeConfigBuilder().build());

    @Test
    void delivery_has_every_header_of_the_contract() {
        var event = OutboxEvent.of(SampleOutcomes.delivered(), CAUSE, SOURCE, TOPICS);

        assertThat(event.id()).isEqualTo(SampleOutcomes.RENEWAL + ".1");
        assertThat(event.topic()).isEqualTo("cert-delivered");
        assertThat(event.key()).isEqualTo(SampleOutcomes.NAME);
        assertThat(event.headers()).containsOnly(
                entry("ce_specversion", "1.0"),
                entry("ce_id", SampleOutcomes.RENEWAL + ".1"),
                entry("ce_source", "urn:certcourier"),
                entry("ce_type", "io.certcourier.certificate.delivered.v1"),
                entry("ce_time", "2026-11-24T03:15:05.961Z"),
                entry("ce_subject", SampleOutcomes.NAME),
                entry("ce_partitionkey", SampleOutcomes.NAME),
                entry("ce_dataschema", "urn:certcourier:schema:cert-delivered:1"),
                entry("ce_correlationid", "order-7"),
                entry("ce_causationid", "event-1"),
                entry("ce_dataclassification", "internal"),
                entry("content-type", "application/json"),
                entry("traceparent", TRACEPARENT));
    }

    @Test
    void failure_goes_to_its_own_topic_with_the_number_of_its_round() {
        var event = OutboxEvent.of(SampleOutcomes.partial(), CAUSE, SOURCE, TOPICS);

        assertThat(event.topic()).isEqualTo("cert-delivery-failed");
        assertThat(event.id()).isEqualTo(SampleOutcomes.RENEWAL + ".2");
        assertThat(event.headers()).containsEntry("ce_type", "io.certcourier.certificate.delivery-failed.v1")
                .containsEntry("ce_dataschema", "urn:certcourier:schema:cert-delivery-failed:1");
    }

    @Test
    void refused_record_without_a_name_is_known_by_its_refusal() {
        var event = OutboxEvent.of(SampleOutcomes.refused(), new Cause(null, null, null), SOURCE, TOPICS);

        assertThat(event.id()).isEqualTo(SampleOutcomes.REFUSAL.toString());
        assertThat(event.key()).isEqualTo(SampleOutcomes.REFUSAL.toString());
        assertThat(event.headers()).containsEntry("ce_correlationid", SampleOutcomes.REFUSAL.toString())
                .doesNotContainKeys("ce_subject", "ce_partitionkey", "ce_causationid", "traceparent");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "a\u0000b", "line\nbreak", "half a pair \ud800" })
    void text_that_no_header_can_hold_is_left_out(String text) {
        var event = OutboxEvent.of(SampleOutcomes.delivered(), new Cause(text, text, null), SOURCE, TOPICS);

        assertThat(event.headers()).doesNotContainKey("ce_causationid")
                .containsEntry("ce_correlationid", SampleOutcomes.RENEWAL.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" })
    void malformed_traceparent_is_ignored(String traceparent) {
        var event = OutboxEvent.of(SampleOutcomes.delivered(), new Cause(null, null, traceparent), SOURCE, TOPICS);

        assertThat(event.headers()).doesNotContainKey("traceparent");
    }

    @Test
    void the_official_library_reads_a_valid_cloud_event() {
        var event = OutboxEvent.of(SampleOutcomes.partial(), new Cause("Ereignis-ü", null, null), SOURCE, TOPICS);
        var headers = new RecordHeaders();
        event.headers().forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        var body = event.body().getBytes(StandardCharsets.UTF_8);

        var read = KafkaMessageFactory.createReader(headers, body).toEvent();

        assertThat(read.getId()).isEqualTo(event.id());
        assertThat(read.getSource()).isEqualTo(SOURCE);
        assertThat(read.getType()).isEqualTo(OutboxEvent.DELIVERY_FAILED_TYPE);
        assertThat(read.getSubject()).isEqualTo(SampleOutcomes.NAME);
        assertThat(read.getTime()).isEqualTo(OffsetDateTime.parse("2026-11-24T03:15:05.961Z"));
        assertThat(read.getDataSchema()).hasToString(OutboxEvent.DELIVERY_FAILED_SCHEMA);
        assertThat(read.getDataContentType()).isEqualTo("application/json");
        assertThat(read.getExtensionNames()).containsExactlyInAnyOrder("partitionkey", "correlationid", "causationid",
                "dataclassification");
        assertThat(read.getExtension("causationid")).isEqualTo("Ereignis-ü");
        assertThat(read.getData().toBytes()).isEqualTo(body);
    }

    @Test
    void dead_letter_says_where_the_record_is_and_carries_nothing_of_it() {
        var event = OutboxEvent.of(SampleOutcomes.deadLetter(), TOPICS);

        assertThat(event.topic()).isEqualTo("cert-renewed-dlq");
        assertThat(event.id()).isEqualTo("dlq-" + SampleOutcomes.REFUSAL);
        assertThat(event.body()).isNull();
        assertThat(event.headers()).containsOnly(
                entry("dlq-reason-code", "ENVELOPE_INVALID"),
                entry("dlq-detail", "The header ce_id is missing."),
                entry("dlq-outcome-id", SampleOutcomes.REFUSAL.toString()),
                entry("dlq-topic", "cert-renewed"),
                entry("dlq-partition", "3"),
                entry("dlq-offset", "1848"),
                entry("dlq-timestamp", "2026-11-24T03:15:05.961Z"),
                entry("dlq-value-size", "512"),
                entry("dlq-value-sha256", "73e7fe96c35545f06f13cb45e71c0df0c79a0d51d9ca483d92ff06aeec689823"),
                entry("dlq-event-id", "id-1"),
                entry("dlq-event-source", "urn:certbot:web-3"),
                entry("dlq-event-type", "io.certcourier.certificate.renewed.v1"),
                entry("traceparent", TRACEPARENT));
    }

    @Test
    void dead_letter_of_a_tombstone_has_a_size_of_minus_one_and_no_hash() {
        var event = OutboxEvent.of(SampleOutcomes.tombstone(), TOPICS);

        assertThat(event.headers()).containsEntry("dlq-value-size", "-1")
                .containsEntry("dlq-detail", ReasonCode.TOMBSTONE.meaning())
                .doesNotContainKeys("dlq-value-sha256", "dlq-event-id", "dlq-event-source", "dlq-event-type", "traceparent");
    }

    @Test
    void the_channels_own_key_names_the_topic() {
        var config = new SmallRyeConfigBuilder()
                .withDefaultValue("mp.messaging.outgoing.cert-delivered.topic", "prod.delivered")
                .build();

        var event = OutboxEvent.of(SampleOutcomes.delivered(), CAUSE, SOURCE, new OutcomeTopics(config));

        assertThat(event.topic()).isEqualTo("prod.delivered");
    }
}

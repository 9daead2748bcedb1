package io.certcourier.outcome;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

import io.certcourier.outcome.Outcome.Delivered;
import io.certcourier.outcome.Outcome.DeliveryFailed;

/**
 * One Kafka record to be sent, fixed when its outcome is stored: every copy has the same id and the same bytes.
 *
 * @param id ce_id of an outcome; {@code dlq-<ce_id of the outcome>} of a dead letter
 * @param headers binary CloudEvents headers, or the dlq- headers of a dead letter; all UTF-8 text
 * @param body JSON; null for a dead letter
 */
record OutboxEvent(String id, String topic, String key, Map<String, String> headers, String body) {

    static final String DELIVERED_TYPE = "io.certcourier.certificate.delivered.v1";
    static final String DELIVERY_FAILED_TYPE = "io.certcourier.certificate.delivery-failed.v1";
    static final String DELIVERED_SCHEMA = "urn:certcourier:schema:cert-delivered:1";
    static final String DELIVERY_FAILED_SCHEMA = "urn:certcourier:schema:cert-delivery-failed:1";

    private static final int LONGEST_ATTRIBUTE = 256;
    private static final Pattern TRACEPARENT = Pattern
            .compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    static OutboxEvent of(Outcome outcome, Cause cause, URI source, OutcomeTopics topics) {
        var delivered = outcome instanceof Delivered;
        var subject = subjectId(outcome);
        var id = subject + round(outcome);
        var name = outcome.certificateName();

        var headers = new LinkedHashMap<String, String>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", id);
        headers.put("ce_source", source.toString());
        headers.put("ce_type", delivered ? DELIVERED_TYPE : DELIVERY_FAILED_TYPE);
        headers.put("ce_time", OutcomeJson.time(outcome.timing().completedAt()));
        putIfWellFormed(headers, "ce_subject", name);
        putIfWellFormed(headers, "ce_partitionkey", name);
        headers.put("ce_dataschema", delivered ? DELIVERED_SCHEMA : DELIVERY_FAILED_SCHEMA);
        headers.put("ce_correlationid", subject.toString());
        putIfWellFormed(headers, "ce_correlationid", cause.correlationId());
        putIfWellFormed(headers, "ce_causationid", cause.eventId());
        headers.put("ce_dataclassification", "internal");
        headers.put("content-type", "application/json");
        putTraceparent(headers, cause.traceparent());

        return new OutboxEvent(id, delivered ? topics.delivered() : topics.deliveryFailed(),
                name == null ? subject.toString() : name, Map.copyOf(headers), OutcomeJson.write(outcome));
    }

    static OutboxEvent of(DeadLetter letter, OutcomeTopics topics) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("dlq-reason-code", letter.reason().name());
        headers.put("dlq-detail", letter.detail() == null ? letter.reason().meaning() : letter.detail());
        headers.put("dlq-outcome-id", letter.outcomeId());
        headers.put("dlq-topic", letter.topic());
        headers.put("dlq-partition", Integer.toString(letter.partition()));
        headers.put("dlq-offset", Long.toString(letter.offset()));
        headers.put("dlq-timestamp", OutcomeJson.time(letter.timestamp()));
        headers.put("dlq-value-size", Integer.toString(letter.valueSize()));
        putIfWellFormed(headers, "dlq-value-sha256", letter.valueSha256());
        putIfWellFormed(headers, "dlq-event-id", letter.eventId());
        putIfWellFormed(headers, "dlq-event-source", letter.eventSource());
        putIfWellFormed(headers, "dlq-event-type", letter.eventType());
        putTraceparent(headers, letter.traceparent());

        return new OutboxEvent("dlq-" + letter.outcomeId(), topics.deadLetters(), letter.key(), Map.copyOf(headers), null);
    }

    /** The renewal's id; the refusal's where no renewal was stored. */
    private static UUID subjectId(Outcome outcome) {
        return outcome instanceof DeliveryFailed failed && failed.refusalId() != null ? failed.refusalId()
                : outcome.renewalId();
    }

    private static String round(Outcome outcome) {
        if (outcome instanceof Delivered delivered) {
            return "." + delivered.round();
        }
        var failed = (DeliveryFailed) outcome;
        return failed.refusalId() == null ? "." + failed.round() : "";
    }

    // a text from outside must not stop the transaction that ends its renewal: jsonb takes no NUL, CloudEvents no control characters
    private static void putIfWellFormed(Map<String, String> headers, String name, String value) {
        if (value != null && !value.isEmpty() && value.length() <= LONGEST_ATTRIBUTE
                && value.chars().noneMatch(Character::isISOControl) && StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            headers.put(name, value);
        }
    }

    private static void putTraceparent(Map<String, String> headers, String traceparent) {
        if (traceparent != null && TRACEPARENT.matcher(traceparent).matches()) {
            headers.put("traceparent", traceparent);
        }
    }
}

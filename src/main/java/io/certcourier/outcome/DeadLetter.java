package io.certcourier.outcome;

import java.time.Instant;

/**
 * The sanitised trace of a refused record: where it lies and why it was refused, never its bytes.
 *
 * @param outcomeId ce_id of the cert-delivery-failed event
 * @param key the certificate name, or the refusal's id
 * @param valueSize bytes; -1 for a tombstone
 * @param valueSha256 lower-case hex; null for a tombstone
 * @param eventId null, like source, type and traceparent, unless it could be read and is well-formed
 */
public record DeadLetter(String outcomeId, String key, ReasonCode reason, String detail, String topic, int partition,
        long offset,
        Instant timestamp, int valueSize, String valueSha256, String eventId, String eventSource, String eventType,
        String traceparent) {
}

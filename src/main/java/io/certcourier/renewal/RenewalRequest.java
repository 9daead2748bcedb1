package io.certcourier.renewal;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.certcourier.certificate.CertificateBundle;
import io.certcourier.certificate.Target;
import io.certcourier.outcome.Channel;
import io.certcourier.outcome.ReasonCode;

/**
 * An event that passed envelope and schema. Either it is to be delivered (bundle and targets are set, rejection is null),
 * or content or policy refuses it (rejection is set; account and targets as far as they were settled, bundle null).
 *
 * @param id renewalId: UUID version 8 of source and idempotency key
 * @param payloadHash SHA-256 over name, account, leaf fingerprint, targets as written, sequence and redeliver; equal means the
 *        same event again
 * @param account never null; the event's, else the route's, else "default"
 * @param bundle holds the private key; the caller closes it after the transaction
 * @param targets sorted, 1 to 20; empty only with a rejection
 * @param sequence null if the event has none
 * @param expiryTime null if the event has none; an upper bound of the deadline
 * @param replacesNotAfter null if unknown
 * @param always push again to targets that have this certificate already
 * @param labels never null
 */
public record RenewalRequest(UUID id, byte[] payloadHash, String certificateName, String account, CertificateBundle bundle,
        Set<Target> targets, Long sequence, Instant eventTime, Instant expiryTime, Instant replacesNotAfter, boolean always,
        Map<String, String> labels, String reason, String requestedBy, EventOrigin origin, Rejection rejection) {

    /** The same as part of another trace; null: of none. */
    public RenewalRequest under(String traceparent) {
        return new RenewalRequest(id, payloadHash, certificateName, account, bundle, targets, sequence, eventTime, expiryTime,
                replacesNotAfter, always, labels, reason, requestedBy, origin.under(traceparent), rejection);
    }

    /** @param detail one sentence of our own, 1 to 512 characters, no input text */
    public record Rejection(ReasonCode code, String detail) {
    }

    /**
     * Where the event came from. Null fields: not given; topic, partition and offset are null unless it is kafka.
     *
     * @param channel one of {@link Channel#ALL}
     * @param recordTime the record's timestamp, else the arrival
     */
    public record EventOrigin(String channel, String source, String eventId, String idempotencyKey, String correlationId,
            String traceparent, String topic, Integer partition, Long offset, Instant recordTime) {

        /** Nobody sent it: it was found where it lies, and will be again at every start. */
        boolean found() {
            return channel.equals(Channel.KUBERNETES);
        }

        private EventOrigin under(String newTraceparent) {
            return new EventOrigin(channel, source, eventId, idempotencyKey, correlationId, newTraceparent, topic, partition,
                    offset, recordTime);
        }
    }
}

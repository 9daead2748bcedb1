package io.certcourier.intake;

import java.time.Instant;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What is kept of an event that was refused; never the event itself. Null fields are absent.
 *
 * @param channel kafka, with topic, partition and offset, or http or kubernetes, without
 * @param phase INTAKE, DECRYPT, VALIDATE or INTERNAL
 * @param detail one sentence of our own, without input text
 * @param help where the reason is explained
 * @param sizeBytes of the event; -1 for a record without a value
 * @param sha256 of the event, lower-case hex; of no bytes for a record without a value
 * @param renewalId the known renewal whose identity it claims
 * @param certificateName absent, like source and eventId, if it could not be read or is malformed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RefusalView(UUID refusalId, Instant at, String channel, String topic, Integer partition, Long offset,
        String reasonCode, String phase, Boolean retryable, String remedy, String detail, String help, int sizeBytes,
        String sha256, UUID renewalId, String certificateName, String eventId, String source) {
}

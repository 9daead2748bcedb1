package io.certcourier.outcome;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The terminal result of a renewal or a refused record, exactly as schemas/cert-delivered and cert-delivery-failed spell it.
 * Null fields are absent.
 */
public sealed interface Outcome {

    /** Imported or found, confirmed, and pushed to every target (SUCCEEDED), or everything was there already (UNCHANGED). */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delivered(UUID renewalId, int round, String outcome, String certificateName, String account, Certificate certificate,
            Scm scm, List<TargetReport> targets, Timing timing, Origin origin, Map<String, String> labels, UUID supersedes)
            implements
                Outcome {
    }

    /**
     * PARTIAL, FAILED, EXPIRED, REJECTED, SUPERSEDED or CANCELLED; with refusalId instead of renewalId and round if no renewal
     * was stored.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DeliveryFailed(UUID renewalId, Integer round, UUID refusalId, String outcome, String severity, Failure failure,
            String certificateName, String account, Certificate certificate, Scm scm, List<TargetReport> targets, Timing timing,
            Origin origin, Map<String, String> labels, Instant retryUntil, UUID supersededBy) implements Outcome {
    }

    UUID renewalId();

    Timing timing();

    /** Null if it could not be read. */
    String certificateName();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Certificate(String fingerprintSha256, String fingerprintSha1, String serialNumber, String commonName,
            List<String> subjectAltNames, String issuer, Instant notBefore, Instant notAfter, String keyAlgorithm) {
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Scm(String certificateId, String name, boolean imported, Instant confirmedAt) {
    }

    /** @param reached NONE or PUSHED */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TargetReport(String service, String project, String reached, Instant reachedAt, boolean unchanged, int attempts,
            Boolean secondCopyPossible, String targetCertificateId, Failure failure) {
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Failure(String phase, String reasonCode, boolean retryable, String remedy, String detail, String help,
            Provider provider) {

        /**
         * @param during the phase for codes that any call can meet
         * @param detail one sentence of our own, 1 to 512 characters, no input text, no line break; null for the code's own
         *        meaning
         * @param provider null if no call was made
         */
        public static Failure of(ReasonCode code, ReasonCode.Phase during, String detail, Provider provider) {
            return new Failure(code.phase(during).name(), code.name(), code.retryable(), code.remedy().name(),
                    detail == null ? code.meaning() : detail, code.help(), provider);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Provider(String operation, String errorCode, Integer httpStatus, String requestId) {
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Timing(Instant eventTime, Instant receivedAt, Instant startedAt, Instant completedAt, long durationMs,
            int scmCalls) {
    }

    /**
     * @param channel kafka, http or kubernetes; topic, partition and offset are null unless it is kafka, source and id if they
     *        could not be read
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Origin(String channel, String source, String id, String idempotencyKey, String topic, Integer partition,
            Long offset) {
    }
}

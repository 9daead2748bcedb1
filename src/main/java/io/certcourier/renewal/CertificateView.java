package io.certcourier.renewal;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What is where of one certificate name of an account. Null fields are absent.
 *
 * @param fingerprintSha256 of the newest certificate that reached a target, lower-case hex; absent, like scmCertificateId, if
 *        none did
 * @param attention true if its last renewal did not get through: it failed, ended halfway, or is held
 * @param expiresAt when the first of its targets loses its certificate; of a name that never reached one, what the event said
 *        of the certificate before; absent if nobody knows
 * @param daysLeft until then, rounded down; negative if it is over
 * @param lastRenewal the newest one that no other has taken over from
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CertificateView(String certificateName, String account, boolean attention, Instant expiresAt, Long daysLeft,
        String fingerprintSha256, String scmCertificateId, List<Place> targets, LastRenewal lastRenewal) {

    /**
     * One target and what it got last.
     *
     * @param wanted true if the last renewal names it; else it keeps what an earlier one pushed
     * @param reached PUSHED, or NONE if nothing of ours ever reached it; then the certificate's fields are absent
     * @param state of the target in the last renewal: WAITING, SENT, RETRY, PUSHED, PRESENT, FAILED or SKIPPED; absent if it
     *        is not wanted
     * @param reasonCode why it is not reached in the last renewal
     * @param targetCertificateId the id of SCM's copy there, where it tells one
     * @param renewalId the renewal that brought it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Place(String service, String project, boolean wanted, String reached, String state, String reasonCode,
            String fingerprintSha256, String scmCertificateId, String targetCertificateId, Instant notAfter, Instant reachedAt,
            UUID renewalId) {
    }

    /** @param state its state, which is its outcome once it has ended */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record LastRenewal(UUID renewalId, String state, String reasonCode, Instant acceptedAt, Instant endedAt,
            Instant deadlineAt) {
    }
}

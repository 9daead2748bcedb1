package io.certcourier.renewal;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;

import io.certcourier.outcome.Outcome.Certificate;
import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.Outcome.Origin;
import io.certcourier.outcome.Outcome.Scm;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.outcome.ReasonCode.Phase;

/**
 * All that people may know of a renewal; fields that the outcome event has too are spelt as there. Null fields are absent.
 * There is no PEM, no key and no text of the cloud in it.
 *
 * @param state its state, which is its outcome once it has ended
 * @param certificate absent if it was never read
 * @param scm absent until SCM has the certificate
 * @param hold who releases it, if it is HELD: ACCOUNT, PERMISSION, OPERATOR, UNCLEAR or KEYSET
 * @param heldFrom the state it goes back to
 * @param failure why it failed, waits or is held, and the remedy
 * @param attempts its calls to SCM of all rounds, oldest first; of very many the newest 200
 * @param timeline what was achieved when, oldest first
 * @param nextTryAt when it is looked at again; absent while it is worked on or waits for something without a time
 * @param deadlineAt when it ends at the latest
 * @param epoch fence of the row, which changes with every owner; the entity tag that actions name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RenewalDetail(UUID renewalId, int round, String state, String certificateName, String account,
        Certificate certificate, Scm scm, String hold, String heldFrom, Failure failure, List<TargetView> targets,
        List<Attempt> attempts, List<Milestone> timeline, Origin origin, Map<String, String> labels, UUID supersededBy,
        Instant acceptedAt, Instant startedAt, Instant confirmedAt, Instant endedAt, Instant nextTryAt, Instant deadlineAt,
        @JsonIgnore long epoch) {

    /**
     * @param state WAITING, SENT, RETRY, PUSHED, PRESENT, FAILED or SKIPPED
     * @param reached NONE or PUSHED, as in the outcome event
     * @param attempts push calls of this round
     * @param secondCopyPossible true if a push whose answer was lost was sent again
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TargetView(String service, String project, String state, String reached, Instant reachedAt, int attempts,
            Boolean secondCopyPossible, String targetCertificateId, Failure failure) {

        static TargetView of(StoredTarget row) {
            boolean reached = row.reached();
            return new TargetView(row.service, row.project.isEmpty() ? null : row.project, row.state,
                    reached ? "PUSHED" : "NONE", reached ? row.doneAt : null, row.attempts,
                    row.unknowns > 0 ? Boolean.TRUE : null, row.targetCertificateId,
                    reached ? null : Json.failure(row.failure));
        }
    }

    /**
     * One call to SCM.
     *
     * @param projects absent for calls that name none: imports, list calls, pushes to CDN
     * @param operation import, show, push or batch-push
     * @param durationMs absent, like endedAt and outcome, while no answer is known
     * @param outcome OK, REFUSED, THROTTLED, AUTH, UNKNOWN, NOT_SENT or ZOMBIE
     * @param requestId SCM's id of the call, for its support
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Attempt(Integer round, String operation, String service, List<String> projects, Instant startedAt,
            Instant endedAt, Long durationMs, String outcome, Integer httpStatus, String errorCode, String requestId) {

        static Attempt of(StoredAttempt row) {
            return new Attempt(row.round, row.operation, row.service,
                    row.projects == null || row.projects.length == 0 || row.projects[0].isEmpty() ? null
                            : Arrays.asList(row.projects),
                    row.startedAt, row.endedAt,
                    row.endedAt == null ? null : Duration.between(row.startedAt, row.endedAt).toMillis(), row.outcome,
                    row.httpStatus, row.errorCode, row.requestId);
        }
    }

    static RenewalDetail of(StoredRenewal row, List<StoredTarget> targets, List<StoredAttempt> newestFirst) {
        var scm = row.scmCertificateId == null ? null
                : new Scm(row.scmCertificateId, row.scmName, Boolean.TRUE.equals(row.imported), row.confirmedAt);
        var labels = Json.labels(row.labels);
        var views = targets.stream().map(TargetView::of).toList();
        var attempts = newestFirst.stream().sorted(Comparator.comparingLong(attempt -> attempt.id)).map(Attempt::of).toList();
        return new RenewalDetail(row.id, row.round, row.state, row.certificateName, row.account,
                Json.certificate(row.certificate), scm, row.hold, row.heldFrom, failure(row), views, attempts,
                Milestone.of(row, views),
                new Origin(row.channel, row.source, row.eventId, row.idempotencyKey, row.topic, row.partitionNo,
                        row.recordOffset),
                labels.isEmpty() ? null : labels, row.supersededBy, row.acceptedAt, row.startedAt, row.confirmedAt, row.endedAt,
                row.nextTryAt(), row.deadlineAt, row.epoch);
    }

    /**
     * Where only the reason is stored, or the failure is an older one, the reason speaks for itself; such codes have their
     * phase.
     */
    private static Failure failure(StoredRenewal row) {
        Failure stored = Json.failure(row.failure);
        if (row.reasonCode == null || stored != null && row.reasonCode.equals(stored.reasonCode())) {
            return stored;
        }
        return Arrays.stream(ReasonCode.values()).filter(code -> code.name().equals(row.reasonCode)).findFirst()
                .map(code -> Failure.of(code, Phase.RESOLVE, null, null)).orElse(stored);
    }
}

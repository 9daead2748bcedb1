package io.certcourier.renewal;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.certcourier.outcome.Outcome.Certificate;

/**
 * What a renewal would begin with.
 *
 * @param state READY, RESOLVING, CONFIRMING or QUEUED; UNCHANGED, SUPERSEDED or EXPIRED if it would end at once; any state of a
 *        renewal that is there already
 * @param calls in order; if it is QUEUED, at most these: what the one before it achieves need not be done again
 * @param deadlineAt when it would end at the latest
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RenewalPlan(UUID renewalId, boolean duplicate, String state, String certificateName, String account,
        Certificate certificate, UUID supersededBy, List<PlannedTarget> targets, List<PlannedCall> calls, Instant deadlineAt) {

    /** @param state WAITING; PRESENT if it has this certificate already */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PlannedTarget(String service, String project, String state) {
    }

    /**
     * @param operation import, list, push or batch-push
     * @param service of pushes only
     * @param projects of pushes to services that have projects
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PlannedCall(String operation, String service, List<String> projects) {
    }
}

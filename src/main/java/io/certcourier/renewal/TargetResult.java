package io.certcourier.renewal;

import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.ReasonCode;

/**
 * What is known of one target after a step.
 *
 * @param attempts push calls that count
 * @param targetCertificateId null unless the call told it
 * @param failure null if it was reached or not tried yet
 */
record TargetResult(TargetState state, int attempts, String targetCertificateId, Failure failure) {

    /** Null without a failure. */
    String reasonCode() {
        return failure == null ? null : failure.reasonCode();
    }

    boolean lacksPermission() {
        return state == TargetState.RETRY && ReasonCode.TARGET_PERMISSION.name().equals(reasonCode());
    }
}

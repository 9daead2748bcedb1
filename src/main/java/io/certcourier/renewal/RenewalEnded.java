package io.certcourier.renewal;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Fired once a renewal's end has been committed; observers look on and cannot change it any more. A process that dies in
 * between does not fire it: metrics may miss an end, the outcome event never does.
 *
 * @param outcome SUCCEEDED, UNCHANGED, PARTIAL, FAILED, REJECTED, SUPERSEDED, EXPIRED or CANCELLED
 * @param reasonCode null if it was delivered
 * @param duration from accepted to ended
 */
public record RenewalEnded(UUID id, String certificateName, String account, String outcome, String reasonCode,
        Duration duration, List<TargetEnd> targets) {

    /** @param reached NONE or PUSHED */
    public record TargetEnd(String service, String reached) {
    }
}

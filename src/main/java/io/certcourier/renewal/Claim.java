package io.certcourier.renewal;

import java.util.List;
import java.util.UUID;

import io.certcourier.certificate.SecretBytes;
import io.certcourier.certificate.Target;
import io.certcourier.scm.PushCall;

/** A renewal that this replica has leased for one step. */
sealed interface Claim {

    /**
     * What every write must prove.
     *
     * @param epoch the fence: a write under another epoch changes nothing
     * @param attempts failed tries in a row in this state
     * @param traceparent of the event; null if it has none
     * @param leasedAt {@link System#nanoTime()} from before the claim was sent: the lease is younger than that
     */
    record Lease(UUID id, long epoch, String subjectKey, String account, String certificateName, int attempts,
            String traceparent, long leasedAt) {
    }

    Lease lease();

    /**
     * An import whose intent is stored.
     *
     * @param attempt the intent
     * @param material null if no key is left
     */
    record Import(Lease lease, String scmName, long attempt, Material material) implements Claim {
    }

    /** What an import needs; the key is still sealed. */
    record Material(KeySafe.Sealed sealedKey, String leafPem, String chainPem) {

        SecretBytes open(KeySafe safe, UUID renewal) {
            return safe.open(renewal, sealedKey);
        }
    }

    /**
     * A push step whose intents are stored.
     *
     * @param calls the calls granted by the budget, in order
     * @param targets every target of the renewal, as it is before the calls
     */
    record Push(Lease lease, String scmCertificateId, List<Intent> calls, List<TargetRow> targets) implements Claim {

        int attempts(Target target) {
            return row(target).result().attempts();
        }

        int unknowns(Target target) {
            return row(target).unknowns();
        }

        /** For a step that made no call: its intents are taken back. */
        List<TargetRow> targetsAsBeforeTheCalls() {
            var intended = calls.stream().flatMap(intent -> intent.call().targets().stream()).toList();
            return targets.stream().map(row -> intended.contains(row.target()) ? row.notSent() : row).toList();
        }

        private TargetRow row(Target target) {
            return targets.stream().filter(row -> row.target().equals(target)).findFirst().orElseThrow();
        }
    }

    /** @param attempt the stored intent */
    record Intent(PushCall call, long attempt) {
    }

    /** @param unknowns pushes before this step whose outcome nobody knows */
    record TargetRow(Target target, TargetResult result, int unknowns) {

        private TargetRow notSent() {
            return new TargetRow(target, new TargetResult(TargetState.RETRY, result.attempts() - 1, null, result.failure()),
                    unknowns);
        }
    }

    /** A renewal past its deadline, or asked to stop while its owner died. */
    record Ending(Lease lease) implements Claim {
    }
}

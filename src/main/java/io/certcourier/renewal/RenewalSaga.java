package io.certcourier.renewal;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import io.certcourier.certificate.Target;
import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.outcome.ReasonCode.Phase;
import io.certcourier.renewal.Claim.TargetRow;
import io.certcourier.renewal.PushCalls.Answered;
import io.certcourier.scm.ScmClient;
import io.certcourier.scm.ScmConfig;
import io.certcourier.scm.ScmFailure;

/**
 * The flow: import, confirm by list, push. A method makes the external calls of one step and says what follows. The claim
 * before it and the save after it are transactions of their own: none is open during a call, and every crash leaves the
 * intent behind.
 */
@ApplicationScoped
class RenewalSaga {

    private final ScmClient scm;
    private final Confirmation confirmation;
    private final PushCalls pushCalls;
    private final KeySafe keySafe;
    private final RetryRule retry;
    private final Duration lookWindow;

    RenewalSaga(ScmClient scm, Confirmation confirmation, PushCalls pushCalls, KeySafe keySafe, RetryRule retry,
            ScmConfig config) {
        this.scm = scm;
        this.confirmation = confirmation;
        this.pushCalls = pushCalls;
        this.keySafe = keySafe;
        this.retry = retry;
        this.lookWindow = config.lookWindow();
    }

    /**
     * READY, stored as IMPORTING by the claim: one call, then CONFIRMING; RESOLVING if nobody knows whether it happened.
     *
     * @param othersImport the look had better wait a moment for their certificates too
     */
    Step importCertificate(Claim.Import claim, boolean othersImport) {
        if (claim.material() == null) {
            var gone = Failure.of(ReasonCode.CERTIFICATE_VANISHED, Phase.CONFIRM,
                    "SCM lost the certificate after its key was erased here.", null);
            return Step.of(CallResult.notSent(claim.attempt()), new Next.End(State.FAILED, gone));
        }
        try (var key = claim.material().open(keySafe, claim.lease().id())) {
            var answer = scm.importCertificate(claim.lease().account(), claim.scmName(), claim.material().leafPem(),
                    claim.material().chainPem(), key);
            return Step.of(CallResult.answered(claim.attempt(), answer),
                    new Next.Confirm(answer.value(), othersImport ? lookWindow : Duration.ZERO));
        } catch (ScmFailure failure) {
            return Step.of(CallResult.failed(claim.attempt(), failure), retry.afterImport(failure, claim.lease().attempts()));
        }
    }

    /** CONFIRMING and RESOLVING, for all renewals of an account at once: listed means PUSHING, and the key is erased. */
    void look(Look look) {
        confirmation.look(look);
    }

    /** PUSHING: a call per service, at the same time; every target has its own result, and none blocks another. */
    Step push(Claim.Push claim) {
        List<Answered> answered = pushCalls.make(claim);
        Map<Target, TargetResult> results = new HashMap<>();
        for (var call : answered) {
            call.results().forEach((target, result) -> results.put(target,
                    retry.afterPush(result, claim.attempts(target), claim.unknowns(target))));
        }
        var targets = claim.targets().stream()
                .map(row -> new TargetRow(row.target(), results.getOrDefault(row.target(), row.result()), row.unknowns()))
                .toList();
        var next = retry.afterPushes(targets.stream().map(TargetRow::result).toList(), pause(answered),
                answered.stream().anyMatch(Answered::denied), claim.lease().attempts());
        return new Step(answered.stream().map(Answered::result).toList(), targets, next);
    }

    private static Duration pause(List<Answered> answered) {
        return answered.stream().map(Answered::pause).max(Duration::compareTo).orElse(Duration.ZERO);
    }
}

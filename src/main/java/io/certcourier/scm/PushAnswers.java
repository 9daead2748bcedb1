package io.certcourier.scm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.certcourier.certificate.Target;
import io.certcourier.scm.ScmApi.BatchPushed;

/** Reads what an answered push says about each of its targets. */
final class PushAnswers {

    private final ScmErrors errors;

    PushAnswers(ScmErrors errors) {
        this.errors = errors;
    }

    /**
     * A success of either call.
     *
     * @throws ScmFailure.Unavailable the answer of a batch-push cannot be read, or somebody before SCM has answered
     */
    Map<Target, PushResult> accepted(PushCall call, ScmReply reply) {
        if (call.operation() == ScmOperation.PUSH) {
            // any 2xx of SCM counts, whatever it says: 204 is documented, 200 with a body was seen
            if (reply.markup()) {
                throw errors.unusable(call.operation(), reply);
            }
            return forAll(call, new PushResult.Pushed(null));
        }
        List<BatchPushed.Item> items = ScmJson.read(reply.body(), BatchPushed.class).map(BatchPushed::results)
                .orElseThrow(() -> errors.unusable(call.operation(), reply));
        Map<Target, PushResult> results = new LinkedHashMap<>();
        call.targets().forEach(target -> results.put(target, inBatch(target, items, reply)));
        return results;
    }

    /**
     * A refusal that is about the target, not about the call.
     *
     * @throws ScmFailure it is about the call
     */
    Map<Target, PushResult> refused(PushCall call, ScmErrors.Refusal refusal) {
        if (refusal.failure() instanceof ScmFailure.Exists exists) {
            return forAll(call, call.targets().size() == 1 ? new PushResult.Present() : whoseIsUnclear(exists));
        }
        if (!refusal.concernsTarget()) {
            throw refusal.failure();
        }
        return forAll(call, new PushResult.Refused(refusal.failure()));
    }

    /** Of several targets the answer does not say which one has the certificate: none may count as reached. */
    private static PushResult whoseIsUnclear(ScmFailure.Exists exists) {
        ScmFailure.Details seen = exists.details();
        return new PushResult.Refused(new ScmFailure.Unavailable(new ScmFailure.Details(seen.operation(), seen.httpStatus(),
                seen.errorCode(), seen.text(), seen.requestId(), "TARGET_FAILED"), exists.getMessage(), true));
    }

    private PushResult inBatch(Target target, List<BatchPushed.Item> items, ScmReply reply) {
        List<BatchPushed.Item> ours = items.stream().filter(Objects::nonNull)
                .filter(item -> target.project().equals(item.project_name())).toList();
        Optional<BatchPushed.Item> pushed = ours.stream().filter(item -> item.cert_id() != null && !item.cert_id().isBlank())
                .findFirst();
        if (pushed.isPresent()) {
            return new PushResult.Pushed(pushed.get().cert_id());
        }
        if (ours.isEmpty()) {
            return new PushResult.Refused(errors.missingInBatch(reply));
        }
        ScmFailure failure = errors.refusedInBatch(reply, ours.get(0).message());
        return failure instanceof ScmFailure.Exists ? new PushResult.Present() : new PushResult.Refused(failure);
    }

    private static Map<Target, PushResult> forAll(PushCall call, PushResult result) {
        Map<Target, PushResult> results = new LinkedHashMap<>();
        call.targets().forEach(target -> results.put(target, result));
        return results;
    }
}

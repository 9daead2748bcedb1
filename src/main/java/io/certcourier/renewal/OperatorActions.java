package io.certcourier.renewal;

import jakarta.enterprise.context.ApplicationScoped;

import io.certcourier.renewal.ActionRefused.Reason;
import io.certcourier.scm.CallBudget;
import io.certcourier.scm.ScmClient;
import io.certcourier.scm.ScmFailure;
import io.certcourier.scm.ScmOperation;

/**
 * What people may do with a renewal. All methods answer true if something was changed, or its owner was asked to comply; false
 * if it was so already. They refuse with {@link ActionRefused}.
 */
@ApplicationScoped
public class OperatorActions {

    private final OperatorStore store;
    private final ScmClient scm;
    private final CallBudget budget;

    OperatorActions(OperatorStore store, ScmClient scm, CallBudget budget) {
        this.store = store;
        this.scm = scm;
        this.budget = budget;
    }

    /** Due at once; if it has ended without reaching all targets, a new round for those that are missing. */
    public boolean retry(OperatorAction action) {
        return store.retry(action);
    }

    /** No further call until it is released; its deadline goes on. */
    public boolean hold(OperatorAction action) {
        return store.hold(action);
    }

    /** Out of HELD, whatever held it. */
    public boolean release(OperatorAction action) {
        return store.release(action);
    }

    /** Ends it; a call in flight is finished first. */
    public boolean cancel(OperatorAction action) {
        return store.cancel(action);
    }

    /** For an import that nobody could confirm: SCM does not have the certificate, so it is imported. */
    public boolean notImported(OperatorAction action) {
        return store.notImported(action);
    }

    /**
     * For an import that nobody could confirm: SCM has the certificate under this id. It is shown first, and must be the
     * renewal's.
     *
     * @throws ScmFailure SCM did not tell
     */
    public boolean imported(OperatorAction action, String scmCertificateId) {
        var row = store.unclear(action);
        if (!budget.take(row.account(), ScmOperation.SHOW)) {
            throw new ActionRefused(Reason.NOT_APPLICABLE,
                    "The account's call budget for show is used up; try again in a minute.");
        }
        boolean same = scm.show(row.account(), scmCertificateId).value()
                .filter(shown -> shown.pushable() && row.leafSha1().equalsIgnoreCase(shown.fingerprintSha1())).isPresent();
        OperatorStore.refuseIf(!same, Reason.NOT_THIS_CERTIFICATE,
                "SCM shows no certificate under this id that is the renewal's and can be pushed.");
        return store.imported(action, scmCertificateId);
    }
}

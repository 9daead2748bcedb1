package io.certcourier.renewal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;

import io.certcourier.certificate.Target;
import io.certcourier.scm.ScmAccounts;

/** The front door of the package: accept, find, list. */
@ApplicationScoped
public class Renewals {

    private final Admission admission;
    private final ScmAccounts accounts;
    private final WorkSignal signal;
    private final RenewalHistory history;
    private final RenewalPlans plans;

    Renewals(Admission admission, ScmAccounts accounts, WorkSignal signal, RenewalHistory history, RenewalPlans plans) {
        this.admission = admission;
        this.accounts = accounts;
        this.signal = signal;
        this.history = history;
        this.plans = plans;
    }

    /**
     * Stores the requests in the caller's transaction, in order: renewal, sealed key, targets, superseding, and the outcome of
     * everything that ends here.
     * The worker starts when the transaction has committed. The answers have the order of the requests.
     */
    public List<Acceptance> accept(Handle tx, List<RenewalRequest> requests) {
        tx.afterCommit(signal::wake);
        return admission.accept(tx, requests);
    }

    /**
     * What a renewal that the caller's transaction has just stored would do. The transaction must be rolled back.
     *
     * @param duplicate it was there before: it does nothing more because of this event
     */
    public RenewalPlan planned(Handle tx, UUID id, boolean duplicate) {
        return plans.of(tx, id, duplicate);
    }

    /** The targets that events may name for this account; empty if no such account is configured. */
    public Optional<Set<Target>> allowedTargets(String account) {
        return accounts.names().contains(account) ? Optional.of(accounts.allowedTargets(account)) : Optional.empty();
    }

    /** The renewal as it was committed last, with its targets and calls; empty if there is none of this id. */
    public Optional<RenewalDetail> find(UUID id) {
        return history.detail(id);
    }

    /** One page of what the filter lets through, newest first. The cost of a page does not grow with the pages before it. */
    public RenewalPage list(RenewalFilter filter) {
        return history.page(filter);
    }
}

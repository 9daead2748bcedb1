package io.certcourier.renewal;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;

import io.certcourier.scm.AccountBreaker;
import io.certcourier.scm.CallBudget;
import io.certcourier.scm.ScmOperation;

/**
 * What calls teach about their account: denied, proven, or throttled. True whoever has the renewal by now; the account's rows
 * are locked before the renewal's.
 */
@ApplicationScoped
class AccountLessons {

    private final AccountBreaker breaker;
    private final CallBudget budget;

    AccountLessons(AccountBreaker breaker, CallBudget budget) {
        this.breaker = breaker;
        this.budget = budget;
    }

    /** A denial outweighs a success of the same step; rows are locked in the order in which a start sets them up. */
    void learn(Handle tx, String account, Collection<CallResult> calls) {
        if (calls.stream().anyMatch(call -> call.outcome() == CallResult.Outcome.OK)) {
            breaker.proven(tx, account);
        }
        calls.stream().filter(call -> call.outcome() == CallResult.Outcome.AUTH)
                .forEach(call -> breaker.open(tx, account, call.failure().details().reasonCode()));
        calls.stream().flatMap(call -> call.throttled().stream())
                .sorted(Comparator.comparing(throttled -> throttled.details().operation()))
                .forEach(throttled -> budget.lower(tx, account, throttled, RetryRule.throttlePause(throttled)));
    }

    /** Completes the calls' rows; those that were not sent cost the account nothing. */
    void complete(Handle tx, String account, Collection<CallResult> calls) {
        var unsent = CallResult.store(tx, calls);
        for (var operation : ScmOperation.values()) {
            budget.give(tx, account, operation, Collections.frequency(unsent, operation.label()));
        }
    }
}

package io.certcourier.renewal;

import java.util.Collection;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;

import io.certcourier.scm.AccountBreaker;
import io.certcourier.scm.CallBudget;

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

    void learn(Handle tx, String account, Collection<CallResult> calls) {
        for (var call : calls) {
            if (call.outcome() == CallResult.Outcome.AUTH) {
                breaker.open(tx, account, call.failure().details().reasonCode());
            }
            call.throttled().ifPresent(throttled -> budget.lower(tx, account, throttled, RetryRule.throttlePause(throttled)));
        }
        if (calls.stream().anyMatch(call -> call.outcome() == CallResult.Outcome.OK)) {
            breaker.proven(tx, account);
        }
    }
}

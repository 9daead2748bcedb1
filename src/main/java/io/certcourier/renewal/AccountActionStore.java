package io.certcourier.renewal;

import java.util.OptionalLong;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Jdbi;

import io.certcourier.scm.AccountBreaker;

/** What people may do with an account; the deed and its audit are one transaction. */
@ApplicationScoped
public class AccountActionStore {

    private final Jdbi jdbi;
    private final AccountBreaker breaker;
    private final WorkSignal signal;

    AccountActionStore(Jdbi jdbi, AccountBreaker breaker, WorkSignal signal) {
        this.jdbi = jdbi;
        this.breaker = breaker;
        this.signal = signal;
    }

    /**
     * Nothing is called for the account until it is resumed; deadlines go on.
     *
     * @return false if it was paused already
     */
    public boolean pause(String account, String actor, String why) {
        return jdbi.inTransaction(tx -> {
            var before = breaker.state(tx, account);
            boolean changed = breaker.pause(tx, account);
            if (changed) {
                Audit.record(tx, by(actor, why), "pause", account, before, "PAUSED");
            }
            return changed;
        });
    }

    /**
     * A paused or denied account is probed with one list call, and works again if that is answered.
     *
     * @return false if it was neither
     */
    public boolean resume(String account, String actor, String why) {
        return jdbi.inTransaction(tx -> {
            var before = breaker.state(tx, account);
            boolean changed = breaker.resume(tx, account);
            if (changed) {
                Audit.record(tx, by(actor, why), "resume", account, before, "PROBING");
                tx.afterCommit(signal::wake);
            }
            return changed;
        });
    }

    private static OperatorAction by(String actor, String why) {
        return new OperatorAction(null, OptionalLong.empty(), actor, why);
    }
}

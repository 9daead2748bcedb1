package io.certcourier.ops;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What waits in the database at one moment. All ages are seconds.
 *
 * @param states every open state, in the order of a renewal's life
 * @param oldestDue 0 if nothing is due
 * @param headroom empty if no renewal is open
 * @param outboxOldest 0 if nothing is pending
 * @param certificates those that end first, as many as are to be shown
 */
record Backlog(List<OfState> states, double oldestDue, OptionalDouble headroom, long outboxPending, double outboxOldest,
        long outboxParked, long keysSealed, long keysOverdue, List<Budget> budgets, List<Breaker> breakers,
        List<Certificate> certificates) {

    record OfState(String state, long open, double oldest) {
    }

    record Budget(String account, String operation, double tokens, double perMinute) {
    }

    record Breaker(String account, boolean open) {
    }

    /** @param notAfter of the certificate delivered last under this name, as Unix time */
    record Certificate(String account, String name, double notAfter) {
    }
}

package io.certcourier.renewal;

import java.time.Duration;
import java.time.Instant;

import io.certcourier.renewal.Admission.Deadline;
import io.certcourier.renewal.Subject.Neighbour;

/**
 * A request on its way into the tables.
 *
 * @param now the transaction's database time
 */
record Newcomer(RenewalRequest request, int round, Instant now, Deadline deadline) {

    Newcomer(RenewalRequest request, int round, Instant now, Duration longest) {
        this(request, round, now, Deadline.of(request, now, longest));
    }

    /** Lower-case hex; null if the certificate was never read. */
    String leaf() {
        return request.bundle() == null ? null : request.bundle().facts().sha256();
    }

    Superseding.Order order() {
        var facts = request.bundle().facts();
        return new Superseding.Order(request.sequence(), facts.notBefore(), facts.notAfter(), request.eventTime());
    }

    Neighbour asNeighbour() {
        return new Neighbour(request.id(), leaf(), order(), false, order().notAfter());
    }
}

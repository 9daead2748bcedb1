package io.certcourier.renewal;

import java.time.Instant;
import java.util.Comparator;

/** Which of two renewals of one subject is newer. A pure function of what the events say; Kafka's order is only a hint. */
final class Superseding {

    private static final Comparator<Order> BY_CERTIFICATE = Comparator.comparing(Order::notBefore)
            .thenComparing(Order::notAfter)
            .thenComparing(Order::eventTime);

    /** @param sequence null if the event has none; compared only if both have one */
    record Order(Long sequence, Instant notBefore, Instant notAfter, Instant eventTime) {
    }

    private Superseding() {
    }

    /**
     * True if {@code earlier}, accepted before {@code newcomer}, is newer all the same. Equal means no: then the order of
     * acceptance decides.
     */
    static boolean isNewer(Order earlier, Order newcomer) {
        if (earlier.sequence() != null && newcomer.sequence() != null && !earlier.sequence().equals(newcomer.sequence())) {
            return earlier.sequence() > newcomer.sequence();
        }
        return BY_CERTIFICATE.compare(earlier, newcomer) > 0;
    }
}

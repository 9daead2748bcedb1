package io.certcourier.intake;

import java.time.Duration;

/**
 * A CDI event: an event of a good envelope was read, whether or not it is refused or known.
 *
 * @param age from its time, or its record's where it has none, to its arrival; 0 if the producer's clock is ahead, a year if it
 *        is more
 */
public record EventArrived(Duration age) {

    /** A producer may write any time, and what measures it counts in nanoseconds. */
    private static final Duration OLDEST = Duration.ofDays(365);

    static EventArrived of(Reading.Event event) {
        var age = Duration.between(event.request().eventTime(), event.trace().receivedAt());
        return new EventArrived(age.isNegative() ? Duration.ZERO : age.compareTo(OLDEST) > 0 ? OLDEST : age);
    }
}

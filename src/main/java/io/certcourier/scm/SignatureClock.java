package io.certcourier.scm;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The time an account's requests are signed with: our clock, moved by what SCM's clock showed when it last refused a signature
 * for its time. So a host whose clock is wrong costs one refused call, not every call.
 */
final class SignatureClock {

    /** The gateway refuses signatures that are further away from its own clock. */
    static final Duration TOLERANCE = Duration.ofMinutes(15);

    private final InstantSource clock;
    private volatile Duration offset = Duration.ZERO;

    SignatureClock(InstantSource clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant().plus(offset);
    }

    /** From now on the time is the server's. */
    void follow(Instant serverTime) {
        offset = Duration.between(clock.instant(), serverTime);
    }
}

package io.certcourier.local.scm;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The emulator's idea of now: the machine's clock plus a shift, so that certificates expire and signatures age in tests. */
public final class EmulatorClock implements InstantSource {

    private final InstantSource machine = InstantSource.system();
    private volatile Duration shift = Duration.ZERO;

    @Override
    public Instant instant() {
        return machine.instant().plus(shift);
    }

    /** Sets the distance to the machine's clock; negative goes back. */
    public void shift(Duration distance) {
        shift = distance;
    }

    /** Makes it {@code now} at this moment; it goes on running from there. */
    public void set(Instant now) {
        shift = Duration.between(machine.instant(), now);
    }

    void reset() {
        shift = Duration.ZERO;
    }
}

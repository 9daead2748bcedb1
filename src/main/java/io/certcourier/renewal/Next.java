package io.certcourier.renewal;

import java.time.Duration;

import io.certcourier.outcome.Outcome.Failure;

/** What a step decided; {@link RenewalStore} stores it while the epoch is still ours. */
sealed interface Next {

    /**
     * The import succeeded: wait for a look that shows it.
     *
     * @param window how long the look may wait for further imports that it can answer as well
     */
    record Confirm(String scmCertificateId, Duration window) implements Next {
    }

    /** Nobody knows whether SCM has it: look by name. */
    record Resolve(Failure failure) implements Next {
    }

    /**
     * Give the row back and leave it alone for a while.
     *
     * @param counted false for waits that are not the renewal's fault (call limit, drain)
     */
    record Later(State state, Duration pause, boolean counted, Failure failure) implements Next {
    }

    /**
     * Stop until it is released.
     *
     * @param from the state it comes back to
     * @param pause until it releases itself; null if somebody has to
     */
    record Held(State from, Hold hold, Duration pause, Failure failure) implements Next {
    }

    /** @param failure null exactly for SUCCEEDED */
    record End(State state, Failure failure) implements Next {
    }
}

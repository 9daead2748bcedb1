package io.certcourier.certmanager;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * One kind in one place: whether it is watched. The client opens each watch anew every few minutes, and is without one for
 * about a second: only what is away for longer is lost, and told.
 */
final class Watched {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String what;
    private final BooleanSupplier open;
    private final Troubles troubles;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private long seen;
    private boolean holds;

    /**
     * @param what names it in sentences, such as "watching Secrets in namespace shop"
     * @param open whether there is a watch now
     */
    Watched(String what, BooleanSupplier open, Troubles troubles, Duration patience, LongSupplier nanoTime) {
        this.what = what;
        this.open = open;
        this.troubles = troubles;
        this.patience = patience;
        this.nanoTime = nanoTime;
        seen = nanoTime.getAsLong();
    }

    /** Asked every few seconds, it tells what is lost and what works again. False until the first watch is open. */
    boolean holds() {
        long now = nanoTime.getAsLong();
        if (open.getAsBoolean()) {
            seen = now;
            holds = true;
            troubles.over(what);
        } else if (now - seen >= patience.toNanos()) {
            holds = false;
            // an answer of the API server, if one was told, says more
            troubles.metUnlessTold(what, ClusterTrouble.silence(what, patience));
        }
        return holds;
    }
}

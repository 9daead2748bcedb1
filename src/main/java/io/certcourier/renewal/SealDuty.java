package io.certcourier.renewal;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

/**
 * What a change of the keyset asks for: sealed keys move to the primary key, one row per transaction, and renewals held for a
 * lost key go on when it is back.
 */
@ApplicationScoped
class SealDuty {

    private static final Logger LOG = Logger.getLogger(SealDuty.class);
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final KeySafe safe;
    private final SealStore store;
    private final SealStatus status;
    private final WorkSignal signal;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var daemon = new Thread(task, "seal-duty");
        daemon.setDaemon(true);
        return daemon;
    });
    private volatile boolean stopping;

    SealDuty(KeySafe safe, SealStore store, SealStatus status, WorkSignal signal) {
        this.safe = safe;
        this.store = store;
        this.status = status;
        this.signal = signal;
    }

    /** The first round at once: a keyset that lacks a key is told of before anything is imported. */
    void start(@Observes StartupEvent event) {
        safeRound();
        thread.scheduleWithFixedDelay(this::safeRound, EVERY.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        thread.shutdown();
    }

    private void safeRound() {
        try {
            round();
        } catch (JdbiException e) {
            // the worker tells when the database goes; what was not done is done in the next round
            LOG.debugf("sealed keys not looked after: %s", DatabaseTrouble.sentence(e));
        } catch (RuntimeException e) {
            LOG.error("sealed keys not looked after", e);
        }
    }

    void round() {
        safe.follow();
        int sealedAnew = resealAll();
        if (sealedAnew > 0) {
            LOG.infof("Sealed keys moved to the primary key: renewals=%d primary=%d", sealedAnew, safe.keyset().primary());
        }
        if (store.releaseHeld(safe.keyset().keyIds()) > 0) {
            signal.wake();
        }
        long lostBefore = status.lost();
        status.counted(store.sealedBy(), safe.keyset());
        if (status.lost() != lostBefore) {
            LOG.warnf("certcourier.renewal.keyset: renewals whose sealing key it lacks: before=%d now=%d", lostBefore,
                    status.lost());
        }
    }

    private int resealAll() {
        int done = 0;
        Optional<UUID> last = Optional.of(SealStore.BEFORE_ALL);
        while (last.isPresent() && !stopping) {
            try {
                last = store.resealNext(last.get());
                done += last.isPresent() ? 1 : 0;
            } catch (SealStore.BrokenRow e) {
                LOG.warn(e.getMessage());
                last = Optional.of(e.renewal);
            }
        }
        return done;
    }
}

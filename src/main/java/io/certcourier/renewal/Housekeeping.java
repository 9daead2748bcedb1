package io.certcourier.renewal;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;

import io.certcourier.scm.CallBudget;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

/** What has to be done now and then: lift urgent renewals, raise lowered budgets again, purge what ended long ago. */
@ApplicationScoped
class Housekeeping {

    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    /** So that a purge after a long pause neither fills the log of the database nor keeps the other duties waiting. */
    private static final int BATCHES = 50;

    private final RetentionStore store;
    private final CallBudget budget;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var daemon = new Thread(task, "housekeeping");
        daemon.setDaemon(true);
        return daemon;
    });

    Housekeeping(RetentionStore store, CallBudget budget) {
        this.store = store;
        this.budget = budget;
    }

    void start(@Observes StartupEvent event) {
        thread.scheduleWithFixedDelay(this::round, EVERY.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        thread.shutdown();
    }

    private void round() {
        try {
            store.promoteUrgent();
            budget.recover();
            repeat(store::purgeRenewals);
            repeat(store::purgeListCalls);
        } catch (JdbiException e) {
            // the worker tells when the database goes; what was not done is done in the next round
            LOG.debugf("housekeeping put off: %s", DatabaseTrouble.sentence(e));
        } catch (RuntimeException e) {
            LOG.error("housekeeping failed", e);
        }
    }

    private static void repeat(BooleanSupplier batch) {
        for (int i = 0; i < BATCHES && batch.getAsBoolean(); i++) {
            LOG.debug("a batch was purged, there may be more");
        }
    }
}

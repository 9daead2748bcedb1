package io.certcourier.ops;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;

import io.certcourier.scm.ScmAccounts;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

/** Counts the backlog every 15 seconds, or asks whether another replica has stopped doing so. */
@ApplicationScoped
class BacklogWatch {

    private static final Logger LOG = Logger.getLogger(BacklogWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(15);
    /** Two rounds may fail before another replica counts. */
    private static final Duration LEASE = Duration.ofSeconds(45);

    private final BacklogTally tally;
    private final BacklogGauges gauges;
    private final ScmAccounts accounts;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var daemon = new Thread(task, "backlog-watch");
        daemon.setDaemon(true);
        return daemon;
    });

    BacklogWatch(BacklogTally tally, BacklogGauges gauges, ScmAccounts accounts) {
        this.tally = tally;
        this.gauges = gauges;
        this.accounts = accounts;
    }

    void start(@Observes StartupEvent event) {
        thread.scheduleWithFixedDelay(this::count, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        thread.shutdown();
        if (thread.awaitTermination(1, TimeUnit.SECONDS)) {
            try {
                tally.giveDutyBack();
            } catch (JdbiException e) {
                LOG.debug("the duty tally was not given back, its lease runs out", e);
            }
        }
    }

    private void count() {
        try {
            gauges.show(tally.take(LEASE, accounts.names()));
        } catch (JdbiException e) {
            // not worth a warning each time: the worker says it once when the database goes
            LOG.debug("the backlog was not counted", e);
            gauges.show(Optional.empty());
        } catch (RuntimeException e) {
            LOG.error("the backlog was not counted", e);
            gauges.show(Optional.empty());
        }
    }
}

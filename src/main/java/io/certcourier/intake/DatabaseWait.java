package io.certcourier.intake;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;
import org.jdbi.v3.core.ConnectionException;

import io.quarkus.runtime.ShutdownEvent;

/** Repeats a transaction until the database takes it, however long that is. Only the end of the application ends the wait. */
@Singleton
class DatabaseWait {

    /** SQLState classes that blame the statement's data: the same transaction fails the same way for ever. */
    private static final Set<String> DATA_CLASSES = Set.of("21", "22", "23", "44", "54");

    /** A bound value whose type does not fit: a bug of ours that one event shows and another does not. */
    private static final Set<String> TYPE_STATES = Set.of("42804", "42846", "42883", "42P18");
    private static final Logger LOG = Logger.getLogger(DatabaseWait.class);

    private final IntakeStatus status;
    private final Duration shortest;
    private final Duration longest;
    private final CountDownLatch stopping = new CountDownLatch(1);

    /** The application stops: what was not committed must not be acknowledged. */
    static final class ApplicationStopping extends RuntimeException {
        ApplicationStopping() {
            super("the application stops before the records are stored; they will be delivered again", null, false, false);
        }
    }

    @Inject
    DatabaseWait(IntakeStatus status) {
        this(status, Duration.ofMillis(500), Duration.ofSeconds(10));
    }

    DatabaseWait(IntakeStatus status, Duration shortest, Duration longest) {
        this.status = status;
        this.shortest = shortest;
        this.longest = longest;
    }

    void stop(@Observes ShutdownEvent event) {
        stopping.countDown();
    }

    /**
     * Waits out a database that is away, starting, full, locked or read-only.
     *
     * @throws RuntimeException of the transaction, if waiting cannot help: the data or our code is at fault
     * @throws ApplicationStopping instead of a further try
     */
    <T> T untilTaken(Supplier<T> transaction) {
        return repeat(transaction, DatabaseWait::databaseIsAway);
    }

    /** As {@link #untilTaken}, whatever the failure: for what has no other way out. */
    <T> T insist(Supplier<T> transaction) {
        return repeat(transaction, failure -> true);
    }

    private <T> T repeat(Supplier<T> transaction, Predicate<RuntimeException> worthWaiting) {
        Duration pause = shortest;
        boolean waited = false;
        while (true) {
            try {
                T result = transaction.get();
                if (waited) {
                    LOG.info("The database takes records again");
                    status.waitingForDatabase(false);
                }
                return result;
            } catch (RuntimeException failure) {
                if (!worthWaiting.test(failure)) {
                    status.waitingForDatabase(false);
                    throw failure;
                }
                if (!waited) {
                    LOG.warnf(databaseIsAway(failure) ? null : new SilentBug(failure),
                            "The database does not take the records, intake waits until it does: %s", SilentBug.names(failure));
                    status.waitingForDatabase(true);
                    waited = true;
                }
            }
            pause(pause);
            pause = pause.multipliedBy(2).compareTo(longest) < 0 ? pause.multipliedBy(2) : longest;
        }
    }

    private void pause(Duration pause) {
        try {
            if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ApplicationStopping();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApplicationStopping();
        }
    }

    static boolean databaseIsAway(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                String state = sql.getSQLState(); // the pool's own exceptions have none
                return state == null || state.length() < 2
                        || !DATA_CLASSES.contains(state.substring(0, 2)) && !TYPE_STATES.contains(state);
            }
            if (cause instanceof ConnectionException) {
                return true;
            }
        }
        return false;
    }
}

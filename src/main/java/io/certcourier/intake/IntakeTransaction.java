package io.certcourier.intake;

import static io.certcourier.outcome.ReasonCode.IDEMPOTENCY_CONFLICT;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;

import io.certcourier.outcome.LogKeys;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.renewal.Acceptance;
import io.certcourier.renewal.RenewalPlan;
import io.certcourier.renewal.RenewalRequest;
import io.certcourier.renewal.Renewals;

/**
 * Makes durable what one poll brought: renewals, refusals and the outcomes of all that ends here, in one transaction. Returns
 * only when every record is stored; running it again for the same records changes nothing.
 */
@Singleton
class IntakeTransaction {

    private static final Logger LOG = Logger.getLogger(IntakeTransaction.class);

    private final Jdbi database;
    private final BiFunction<Handle, List<RenewalRequest>, List<Acceptance>> accept;
    private final Refusals refusals;
    private final DatabaseWait databaseWait;
    private final IntakeStatus status;
    private final PlanReader plans;

    /** {@link Renewals#planned(Handle, UUID, boolean)}. */
    interface PlanReader {
        RenewalPlan of(Handle tx, UUID renewal, boolean duplicate);
    }

    @Inject
    IntakeTransaction(Jdbi database, Renewals renewals, Refusals refusals, DatabaseWait databaseWait, IntakeStatus status) {
        this(database, renewals::accept, renewals::planned, refusals, databaseWait, status);
    }

    IntakeTransaction(Jdbi database, BiFunction<Handle, List<RenewalRequest>, List<Acceptance>> accept,
            PlanReader plans, Refusals refusals, DatabaseWait databaseWait, IntakeStatus status) {
        this.database = database;
        this.accept = accept;
        this.plans = plans;
        this.refusals = refusals;
        this.databaseWait = databaseWait;
        this.status = status;
    }

    /** What a transaction told, to be logged and counted once it has committed: a rolled back one told nothing. */
    private static final class Tally {
        private final List<Told> refused = new ArrayList<>();
        private final List<Receipt> receipts = new ArrayList<>();
        private int duplicates;

        /** @param renewal null if the record became none */
        private record Told(Reading record, ReasonCode code, UUID renewal, String certificateName, String account) {

            static Told of(Reading.Event event, UUID renewal) {
                var request = event.request();
                return new Told(event, request.rejection().code(), renewal, request.certificateName(), request.account());
            }

            static Told of(Reading.Refusal refusal) {
                return new Told(refusal, refusal.code(), refusal.renewal(), refusal.certificateName(), null);
            }

            void log() {
                LogKeys.of("renewal.refused").renewal(renewal, certificateName, account)
                        .with("reasonCode", code).trace(record.attributes().traceparent())
                        .during(() -> LOG.infof("Record %s refused: %s", record.trace(), code));
            }
        }
    }

    /** @throws DatabaseWait.ApplicationStopping nothing, or only a part, is stored; the records must not be acknowledged */
    void store(List<Reading> readings) {
        try {
            commit(readings);
        } catch (DatabaseWait.ApplicationStopping stopping) {
            throw stopping;
        } catch (RuntimeException failure) {
            LOG.warnf(new SilentBug(failure), "A batch of %d records cannot be stored; each gets a transaction of its own",
                    readings.size());
            readings.forEach(this::storeAlone);
        }
    }

    private void storeAlone(Reading reading) {
        try {
            commit(List.of(reading));
        } catch (DatabaseWait.ApplicationStopping stopping) {
            throw stopping;
        } catch (RuntimeException failure) {
            LOG.errorf(new SilentBug(failure), "Record %s cannot be stored; it is refused", reading.trace());
            List<Reading> culprit = List.of(Reading.Refusal.bug(reading.trace()));
            publish(databaseWait.insist(() -> database.inTransaction(tx -> storeAll(tx, culprit))));
        }
    }

    /**
     * As {@link #store} for one event whose sender waits for the answer: without waiting for the database.
     *
     * @throws DatabaseAway nothing is stored
     */
    Receipt storeNow(Reading reading) {
        try {
            return storeOnce(reading);
        } catch (DatabaseAway away) {
            throw away;
        } catch (RuntimeException failure) {
            LOG.errorf(new SilentBug(failure), "Event %s cannot be stored; it is refused", reading.trace());
            return storeOnce(Reading.Refusal.bug(reading.trace()));
        }
    }

    private Receipt storeOnce(Reading reading) {
        var tally = unlessAway(tx -> storeAll(tx, List.of(reading)));
        publish(tally);
        return tally.receipts.get(0);
    }

    /**
     * Stores one event, looks what it became, and takes everything back.
     *
     * @throws DatabaseAway nothing can be told
     */
    Trial tryOut(Reading reading) {
        return unlessAway(tx -> {
            var receipt = storeAll(tx, List.of(reading)).receipts.get(0);
            var plan = receipt instanceof Receipt.Taken taken ? plans.of(tx, taken.renewalId(), taken.duplicate()) : null;
            tx.rollback();
            return new Trial(receipt, plan);
        });
    }

    private <T> T unlessAway(HandleCallback<T, RuntimeException> transaction) {
        try {
            return database.inTransaction(transaction);
        } catch (RuntimeException failure) {
            throw DatabaseWait.databaseIsAway(failure) ? new DatabaseAway(failure) : failure;
        }
    }

    private void commit(List<Reading> readings) {
        publish(databaseWait.untilTaken(() -> database.inTransaction(tx -> storeAll(tx, readings))));
    }

    private Tally storeAll(Handle tx, List<Reading> readings) {
        var tally = new Tally();
        var events = readings.stream().filter(Reading.Event.class::isInstance).map(Reading.Event.class::cast).toList();
        List<Acceptance> answers = events.isEmpty() ? List.of()
                : accept.apply(tx, events.stream().map(Reading.Event::request).toList());
        for (int i = 0; i < events.size(); i++) {
            conclude(tx, events.get(i), answers.get(i), tally);
        }
        for (Reading reading : readings) {
            if (reading instanceof Reading.Refusal refusal) {
                tell(tx, refusal, tally);
            }
        }
        return tally;
    }

    private void conclude(Handle tx, Reading.Event event, Acceptance answer, Tally tally) {
        switch (answer.verdict()) {
            case DUPLICATE -> {
                tally.duplicates++;
                tally.receipts.add(new Receipt.Taken(answer.renewalId(), true, answer.state()));
            }
            case CONFLICT -> tell(tx, event.refusedFor(IDEMPOTENCY_CONFLICT, answer.renewalId()), tally);
            case STORED -> {
                var rejection = event.request().rejection();
                tally.receipts.add(rejection == null ? new Receipt.Taken(answer.renewalId(), false, answer.state())
                        : new Receipt.Declined(rejection.code(), rejection.detail(), null, answer.renewalId()));
                if (rejection != null) {
                    refusals.tellRejected(tx, event, answer);
                    tally.refused.add(Tally.Told.of(event, answer.renewalId()));
                }
            }
        }
    }

    private void tell(Handle tx, Reading.Refusal refusal, Tally tally) {
        tally.receipts.add(new Receipt.Declined(refusal.code(), refusal.detail(), refusal.id(), refusal.renewal()));
        if (refusals.tell(tx, refusal)) {
            tally.refused.add(Tally.Told.of(refusal));
        } else {
            tally.duplicates++;
        }
    }

    private void publish(Tally tally) {
        status.countDuplicates(tally.duplicates);
        for (var each : tally.refused) {
            status.countRejected(each.code());
            each.log();
        }
    }
}

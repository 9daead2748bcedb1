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
import org.jdbi.v3.core.Jdbi;

import io.certcourier.outcome.LogKeys;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.renewal.Acceptance;
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

    @Inject
    IntakeTransaction(Jdbi database, Renewals renewals, Refusals refusals, DatabaseWait databaseWait, IntakeStatus status) {
        this(database, renewals::accept, refusals, databaseWait, status);
    }

    IntakeTransaction(Jdbi database, BiFunction<Handle, List<RenewalRequest>, List<Acceptance>> accept,
            Refusals refusals, DatabaseWait databaseWait, IntakeStatus status) {
        this.database = database;
        this.accept = accept;
        this.refusals = refusals;
        this.databaseWait = databaseWait;
        this.status = status;
    }

    /** What a transaction told, to be logged and counted once it has committed: a rolled back one told nothing. */
    private static final class Tally {
        private final List<Told> refused = new ArrayList<>();
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
            case DUPLICATE -> tally.duplicates++;
            case CONFLICT -> tell(tx, event.refusedFor(IDEMPOTENCY_CONFLICT, answer.renewalId()), tally);
            case STORED -> {
                if (event.request().rejection() != null) {
                    refusals.tellRejected(tx, event, answer);
                    tally.refused.add(Tally.Told.of(event, answer.renewalId()));
                }
            }
        }
    }

    private void tell(Handle tx, Reading.Refusal refusal, Tally tally) {
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

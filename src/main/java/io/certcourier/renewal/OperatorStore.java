package io.certcourier.renewal;

import static io.certcourier.renewal.State.CANCELLED;
import static io.certcourier.renewal.State.HELD;
import static io.certcourier.renewal.State.QUEUED;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.outcome.ReasonCode.Phase;
import io.certcourier.renewal.ActionRefused.Reason;
import io.certcourier.scm.AccountBreaker;
import io.certcourier.scm.ScmConfig;

/**
 * Operators' actions. A renewal that nobody has leased is changed at once, under its subject's lock and a new epoch; a live
 * owner is asked, and complies between two calls. The audit row is written in the same transaction.
 */
@ApplicationScoped
class OperatorStore {

    /** The row under the locks. */
    record Row(UUID id, State state, State heldFrom, String hold, long epoch, String stop, boolean leased, String account,
            String scmCertificateId, String leafSha1, Instant notAfter, Instant now) {

        boolean ended() {
            return state.terminal();
        }
    }

    private interface Change {

        /** @return false if it is so already: nothing was changed */
        boolean make(Handle tx, Subject subject, Row row);
    }

    private final Jdbi jdbi;
    private final Endings endings;
    private final RetryRound rounds;
    private final WorkSignal signal;
    private final AccountBreaker breaker;
    private final double callDeadlineSeconds;

    OperatorStore(Jdbi jdbi, Endings endings, RetryRound rounds, WorkSignal signal, AccountBreaker breaker, ScmConfig scm) {
        this.jdbi = jdbi;
        this.endings = endings;
        this.rounds = rounds;
        this.signal = signal;
        this.breaker = breaker;
        this.callDeadlineSeconds = Claims.seconds(scm.callDeadline());
    }

    boolean hold(OperatorAction action) {
        return change(action, "hold", (tx, subject, row) -> {
            refuseIf(row.ended(), Reason.ENDED, "The renewal has ended.");
            refuseIf(row.state() == QUEUED, Reason.QUEUED,
                    "It waits for another renewal of its certificate name: hold that one.");
            if (row.state() == HELD && row.hold().equals(Hold.OPERATOR.name()) || "HELD".equals(row.stop())) {
                return false;
            }
            if (row.leased()) {
                return ask(tx, row, "HELD");
            }
            return OperatorHold.put(tx, row.id()) == 1;
        });
    }

    boolean release(OperatorAction action) {
        return change(action, "release", (tx, subject, row) -> {
            refuseIf(row.ended(), Reason.ENDED, "The renewal has ended.");
            if ("HELD".equals(row.stop())) {
                return tx.execute("UPDATE renewal SET stop = NULL, updated_at = now() WHERE id = ?", row.id()) == 1;
            }
            return row.state() == HELD && OperatorHold.release(tx, row.id(), subject.quietUntil()) == 1;
        });
    }

    boolean cancel(OperatorAction action) {
        return change(action, "cancel", (tx, subject, row) -> {
            if (row.state() == CANCELLED || "CANCELLED".equals(row.stop())) {
                return false;
            }
            refuseIf(row.ended(), Reason.ENDED, "The renewal has ended.");
            return row.leased() ? ask(tx, row, "CANCELLED")
                    : endings.endOwn(tx, subject, row.id(), row.epoch(), cancelled());
        });
    }

    boolean retry(OperatorAction action) {
        return change(action, "retry", (tx, subject, row) -> {
            refuseIf(row.state() == HELD, Reason.NOT_APPLICABLE, "The renewal is held: release it.");
            refuseIf(row.state() == QUEUED, Reason.QUEUED, "It waits for another renewal of its certificate name.");
            if (row.ended()) {
                rounds.open(tx, subject, row);
                return true;
            }
            return !row.leased() && dueNow(tx, subject, row);
        });
    }

    /** Now, or when the lost call of a predecessor is over: a person's hurry must not let that one come last. */
    private static boolean dueNow(Handle tx, Subject subject, Row row) {
        return tx.createUpdate("""
                UPDATE renewal SET next_at = greatest(now(), :quietUntil::timestamptz), epoch = epoch + 1, updated_at = now()
                 WHERE id = :id AND next_at > greatest(now(), :quietUntil::timestamptz)""")
                .bind("id", row.id()).bind("quietUntil", (Object) subject.quietUntil()).execute() == 1;
    }

    /** Nobody could tell whether SCM has it; a person looked, and it has not. A lost owner may still send its own import. */
    boolean notImported(OperatorAction action) {
        return change(action, "resolve", (tx, subject, row) -> {
            requireUnclear(row);
            return tx
                    .createUpdate(
                            """
                                    UPDATE renewal SET state = 'READY', held_from = NULL, hold = NULL, reason_code = NULL, failure = NULL, scm_certificate_id = NULL,
                                           imported = NULL, looks = 0, unknowns = 0, waiting_since = NULL, epoch = epoch + 1, updated_at = now(),
                                           next_at = greatest(now(), :quietUntil::timestamptz, lease_until + make_interval(secs => :deadline))
                                     WHERE id = :id""")
                    .bind("id", row.id()).bind("quietUntil", (Object) subject.quietUntil())
                    .bind("deadline", callDeadlineSeconds).execute() == 1;
        });
    }

    /** @param scmCertificateId whose certificate was just seen to be the renewal's */
    boolean imported(OperatorAction action, String scmCertificateId) {
        return change(action, "resolve", (tx, subject, row) -> {
            requireUnclear(row);
            // what held it may have put its time off for ever, and a push keeps what it finds there
            tx.createUpdate(
                    """
                            UPDATE renewal SET state = 'RESOLVING', held_from = NULL, hold = NULL, next_at = greatest(now(), :quietUntil::timestamptz),
                                   epoch = epoch + 1, updated_at = now()
                             WHERE id = :id""")
                    .bind("id", row.id()).bind("quietUntil", (Object) subject.quietUntil()).execute();
            return LookRules.resolved(tx,
                    new Look.Question(row.id(), row.epoch() + 1, scmCertificateId, row.leafSha1())) == 1;
        });
    }

    /** The renewal that {@link #imported} would be asked for, with what is known about its certificate. */
    Row unclear(OperatorAction action) {
        return jdbi.inTransaction(tx -> {
            var row = seen(tx, action);
            requireUnclear(row);
            refuseIf(!"CLOSED".equals(breaker.stateNow(tx, row.account())), Reason.ACCOUNT_NOT_CALLED,
                    "The account is paused, denied or not proven yet, and so not asked: see that it works first.");
            return row;
        });
    }

    private boolean change(OperatorAction action, String name, Change change) {
        return jdbi.inTransaction(tx -> {
            String key = tx.createQuery("SELECT subject_key FROM renewal WHERE id = :id").bind("id", action.renewal())
                    .mapTo(String.class).findOne().orElseThrow(OperatorStore::notFound);
            Subject subject = Subject.lock(tx, key);
            var before = seen(tx, action);
            if (!change.make(tx, subject, before)) {
                return false;
            }
            Audit.record(tx, action, name, before.account(), before.state().name(), row(tx, action.renewal()).state().name());
            tx.afterCommit(signal::wake);
            return true;
        });
    }

    /** As the caller has seen it; what has changed since is refused. */
    private static Row seen(Handle tx, OperatorAction action) {
        var row = row(tx, action.renewal());
        refuseIf(action.epoch().isPresent() && action.epoch().getAsLong() != row.epoch(), Reason.STALE,
                "The renewal has changed since: look at it again.");
        return row;
    }

    private static Row row(Handle tx, UUID id) {
        return tx
                .createQuery(
                        """
                                SELECT id, state, held_from, hold, epoch, stop, lease_owner IS NOT NULL AND lease_until > now() AS leased, account, scm_certificate_id,
                                       encode(leaf_sha1, 'hex') AS sha1, not_after, now() AS now
                                  FROM renewal WHERE id = :id FOR UPDATE""")
                .bind("id", id)
                .map((rs, ctx) -> new Row(rs.getObject("id", UUID.class), State.valueOf(rs.getString("state")),
                        Optional.ofNullable(rs.getString("held_from")).map(State::valueOf).orElse(null), rs.getString("hold"),
                        rs.getLong("epoch"), rs.getString("stop"), rs.getBoolean("leased"), rs.getString("account"),
                        rs.getString("scm_certificate_id"), rs.getString("sha1"),
                        Optional.ofNullable(rs.getObject("not_after", OffsetDateTime.class)).map(OffsetDateTime::toInstant)
                                .orElse(null),
                        rs.getObject("now", OffsetDateTime.class).toInstant()))
                .findOne().orElseThrow(OperatorStore::notFound);
    }

    private static boolean ask(Handle tx, Row row, String wish) {
        refuseIf("SUPERSEDED".equals(row.stop()) || "CANCELLED".equals(row.stop()), Reason.ENDED,
                "The renewal is about to end.");
        return tx.execute("UPDATE renewal SET stop = ?, updated_at = now() WHERE id = ?", wish, row.id()) == 1;
    }

    private static void requireUnclear(Row row) {
        refuseIf(row.state() != HELD || !Set.of(State.RESOLVING, State.CONFIRMING).contains(row.heldFrom()),
                Reason.NOT_APPLICABLE, "Only an import that nobody could confirm, and that is held, can be resolved.");
    }

    static Next.End cancelled() {
        return new Next.End(CANCELLED, Failure.of(ReasonCode.CANCELLED_BY_OPERATOR, Phase.SCHEDULE, null, null));
    }

    static void refuseIf(boolean refused, Reason reason, String sentence) {
        if (refused) {
            throw new ActionRefused(reason, sentence);
        }
    }

    private static ActionRefused notFound() {
        return new ActionRefused(Reason.NOT_FOUND, "There is no renewal of this id.");
    }
}

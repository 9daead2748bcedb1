package io.certcourier.renewal;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;

import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

import io.certcourier.certificate.Target;
import io.certcourier.certificate.TargetService;
import io.certcourier.outcome.LogKeys;
import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.Outcomes;
import io.certcourier.renewal.Planner.Plan;
import io.certcourier.renewal.Subject.Neighbour;
import io.certcourier.scm.ScmConfig;

/**
 * How a renewal ends, always in the caller's transaction under its subject's lock: terminal state, key gone, outcome in the
 * outbox, successor released.
 */
@ApplicationScoped
class Endings {

    private static final Logger LOG = Logger.getLogger(Endings.class);

    private static final String END = """
               SET state = :state, reason_code = :reason, superseded_by = coalesce(:supersededBy, superseded_by), failure = :failure::jsonb,
                   ended_at = now(), lease_owner = NULL, stop = NULL, held_from = NULL, hold = NULL, waiting_since = NULL, next_at = 'infinity',
                   epoch = epoch + 1, updated_at = now()
            """;

    private final Planner planner;
    private final OutcomeReport report;
    private final Outcomes outcomes;
    private final Event<RenewalEnded> ended;
    private final Duration callDeadline;

    Endings(Planner planner, OutcomeReport report, Outcomes outcomes, Event<RenewalEnded> ended, ScmConfig scm) {
        this.planner = planner;
        this.report = report;
        this.outcomes = outcomes;
        this.ended = ended;
        this.callDeadline = scm.callDeadline();
    }

    /** Puts the outcome of an ended renewal into the outbox, and tells those who look on once it is committed. */
    void report(Handle tx, UUID id) {
        var told = report.of(tx, id);
        outcomes.record(tx, told.outcome(), told.cause());
        tx.afterCommit(() -> announce(told.ended(), told.cause().traceparent()));
    }

    private void announce(RenewalEnded end, String traceparent) {
        if (!State.REJECTED.name().equals(end.outcome())) { // intake tells of a refused record, and where it lies
            log(end, traceparent);
        }
        try {
            ended.fire(end);
        } catch (RuntimeException e) {
            // the end is committed: a failing onlooker must not make the caller believe otherwise
            LOG.errorf(e, "an observer of ended renewals failed: renewalId=%s", end.id());
        }
    }

    private static void log(RenewalEnded end, String traceparent) {
        LogKeys.of("renewal.ended").renewal(end.id(), end.certificateName(), end.account())
                .with("state", end.outcome()).with("reasonCode", end.reasonCode()).trace(traceparent)
                .during(() -> LOG.infof("renewal ended: renewalId=%s certificateName=%s account=%s outcome=%s%s", end.id(),
                        end.certificateName(), end.account(), end.outcome(),
                        end.reasonCode() == null ? "" : " reasonCode=" + end.reasonCode()));
    }

    /**
     * Ends a renewal that nobody has leased; the caller has its row locked and settles who is current. What comes next in the
     * subject waits until a lost owner's lease and call have run out.
     */
    void endIdle(Handle tx, Subject subject, Neighbour renewal, State state, Failure failure, UUID supersededBy) {
        var ownerGone = tx.createQuery("UPDATE renewal" + END
                + """
                         WHERE id = :id AND ended_at IS NULL AND (lease_owner IS NULL OR lease_until <= now() OR :queued)
                        RETURNING CASE WHEN lease_until = '-infinity' THEN NULL ELSE lease_until + make_interval(secs => :deadline) END""")
                .bind("id", renewal.id()).bind("state", state.name()).bind("reason", failure.reasonCode())
                .bind("failure", Json.write(failure))
                .bind("supersededBy", (Object) supersededBy).bind("deadline", Claims.seconds(callDeadline))
                .bind("queued", renewal == subject.queued())
                .map((rs, ctx) -> Optional.ofNullable(rs.getObject(1, OffsetDateTime.class)).map(OffsetDateTime::toInstant))
                .one();
        ownerGone.ifPresent(subject::quietUntil);
        endChildren(tx, subject, renewal);
        report(tx, renewal.id());
    }

    /** A live owner has it: ask. The owner sees it with its next write, makes no further call and ends it. */
    void askToStop(Handle tx, UUID id, UUID supersededBy) {
        tx.createUpdate(
                """
                        UPDATE renewal SET stop = 'SUPERSEDED', superseded_by = :by, updated_at = now() WHERE id = :id AND ended_at IS NULL""")
                .bind("id", id).bind("by", supersededBy).execute();
    }

    /**
     * Commit point C4: the lease holder ends its renewal and releases the subject's queued one.
     *
     * @return false if the epoch is not ours any more; then nothing was written
     */
    boolean endOwn(Handle tx, Subject subject, UUID id, long epoch, Next.End end) {
        int rows = tx.createUpdate("UPDATE renewal" + END + " WHERE id = :id AND epoch = :epoch AND ended_at IS NULL")
                .bind("id", id).bind("epoch", epoch).bind("state", end.state().name())
                .bind("reason", end.failure() == null ? null : end.failure().reasonCode())
                .bind("failure", Json.write(end.failure()))
                .bind("supersededBy", (Object) null).execute();
        if (rows == 0) {
            return false;
        }
        boolean queued = subject.queued() != null && subject.queued().id().equals(id);
        endChildren(tx, subject, queued ? subject.queued() : subject.current());
        report(tx, id);
        if (queued) {
            subject.queued(null);
        } else {
            subject.current(null);
            promoteQueued(tx, subject);
        }
        subject.store(tx);
        return true;
    }

    /** The key and the targets that will not be tried; and what the renewal leaves behind for its successors. */
    private void endChildren(Handle tx, Subject subject, Neighbour renewal) {
        record Trace(boolean mayHaveReached, OffsetDateTime lostCallsOver) {
        }
        var trace = tx.createQuery("""
                WITH key AS (
                  DELETE FROM renewal_key WHERE renewal = :id
                ), skipped AS (
                  UPDATE renewal_target SET state = 'SKIPPED' WHERE renewal = :id AND state IN ('WAITING', 'RETRY')
                ), lost AS (
                  SELECT operation, coalesce(ended_at, now()) AS at FROM attempt
                   WHERE renewal = :id AND (outcome IS NULL OR outcome IN ('UNKNOWN', 'ZOMBIE'))
                )
                SELECT EXISTS (SELECT 1 FROM renewal_target WHERE renewal = :id AND state IN ('PUSHED', 'PRESENT'))
                         OR EXISTS (SELECT 1 FROM lost WHERE operation IN ('push', 'batch-push')) AS may_have_reached,
                       (SELECT max(at) FROM lost) + make_interval(secs => :deadline) AS lost_calls_over""")
                .bind("id", renewal.id()).bind("deadline", Claims.seconds(callDeadline))
                .map((rs, ctx) -> new Trace(rs.getBoolean(1), rs.getObject(2, OffsetDateTime.class))).one();
        if (trace.mayHaveReached()) {
            subject.reached(renewal);
        }
        if (trace.lostCallsOver() != null) {
            subject.quietUntil(trace.lostCallsOver().toInstant());
        }
    }

    private void promoteQueued(Handle tx, Subject subject) {
        var queued = subject.queued();
        if (queued == null) {
            return;
        }
        subject.queued(null);
        record Wish(String account, boolean always) {
        }
        var wish = tx.createQuery("SELECT account, always FROM renewal WHERE id = :id").bind("id", queued.id())
                .map((rs, ctx) -> new Wish(rs.getString(1), rs.getBoolean(2))).one();
        Plan plan = planner.plan(tx, wish.account(), queued.leafSha256(), targets(tx, queued.id()), wish.always());
        promote(tx, queued.id(), plan, subject.quietUntil());
        markPresent(tx, queued.id(), plan);
        if (plan.state() == State.UNCHANGED) {
            endChildren(tx, subject, queued);
            report(tx, queued.id());
        } else {
            subject.current(queued);
        }
    }

    /** @param quietUntil null if no lost call may still act */
    private static void promote(Handle tx, UUID id, Plan plan, Instant quietUntil) {
        tx.createUpdate(
                """
                        UPDATE renewal
                           SET state = :state, next_at = greatest(now(), :quietUntil::timestamptz), scm_certificate_id = :scmId, imported = CASE WHEN :scmId IS NULL THEN imported ELSE false END,
                               confirmed_at = :confirmedAt, due_push = :push, due_batch = :batch, lease_owner = NULL, lease_until = '-infinity',
                               waiting_since = CASE WHEN :state IN ('CONFIRMING', 'RESOLVING') THEN now() END,
                               reason_code = CASE WHEN :state = 'RESOLVING' THEN 'IMPORT_OUTCOME_UNKNOWN' END, ended_at = CASE WHEN :state = 'UNCHANGED' THEN now() END,
                               epoch = epoch + 1, updated_at = now()
                         WHERE id = :id AND state = 'QUEUED'""")
                .bind("id", id).bind("state", plan.state().name()).bind("scmId", plan.scmCertificateId())
                .bind("confirmedAt", (Object) plan.confirmedAt()).bind("quietUntil", (Object) quietUntil)
                .bind("push", plan.calls().push())
                .bind("batch", plan.calls().batchPush())
                .execute();
    }

    private static void markPresent(Handle tx, UUID id, Plan plan) {
        var services = new ArrayList<String>();
        var projects = new ArrayList<String>();
        for (var target : plan.present().keySet()) {
            services.add(target.service().name());
            projects.add(target.project());
        }
        tx.createUpdate("""
                UPDATE renewal_target t SET state = 'PRESENT', done_at = now()
                  FROM unnest(:services, :projects) AS p(service, project)
                 WHERE t.renewal = :id AND t.service = p.service AND t.project = p.project""")
                .bind("id", id).bindArray("services", String.class, services).bindArray("projects", String.class, projects)
                .execute();
    }

    private static List<Target> targets(Handle tx, UUID id) {
        return tx.createQuery("SELECT service, project FROM renewal_target WHERE renewal = :id ORDER BY service, project")
                .bind("id", id)
                .map((rs, ctx) -> new Target(TargetService.valueOf(rs.getString(1)), rs.getString(2))).list();
    }
}

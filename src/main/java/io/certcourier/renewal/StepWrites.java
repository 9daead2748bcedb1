package io.certcourier.renewal;

import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;

import io.certcourier.renewal.Claim.Lease;
import io.certcourier.renewal.Claim.TargetRow;
import io.certcourier.scm.ScmConfig;

/** The writes of commit point C3, under a fence that the caller holds. */
@ApplicationScoped
class StepWrites {

    private final Planner planner;
    private final AccountLessons lessons;
    private final Duration lookWindow;

    StepWrites(Planner planner, AccountLessons lessons, ScmConfig scm) {
        this.planner = planner;
        this.lessons = lessons;
        this.lookWindow = scm.lookWindow();
    }

    /** The intents and targets of the step's calls. */
    void complete(Handle tx, Lease lease, Step step) {
        lessons.complete(tx, lease.account(), step.calls());
        if (!step.targets().isEmpty()) {
            store(tx, lease, step.targets());
        }
    }

    private static void store(Handle tx, Lease lease, List<TargetRow> targets) {
        var results = targets.stream().map(TargetRow::result).toList();
        tx.createUpdate(
                """
                        UPDATE renewal_target t
                           SET state = r.state, attempts = r.attempts, target_certificate_id = coalesce(r.copy, t.target_certificate_id),
                               reason_code = r.reason, failure = r.failure::jsonb, done_at = CASE WHEN r.final THEN now() END
                          FROM unnest(:services, :projects, :states, :attempts, :copies, :reasons, :failures, :finals)
                                 AS r(service, project, state, attempts, copy, reason, failure, final)
                         WHERE t.renewal = :id AND t.service = r.service AND t.project = r.project AND t.state NOT IN ('PUSHED', 'PRESENT')""")
                .bind("id", lease.id())
                .bindArray("services", String.class, targets.stream().map(row -> row.target().service().name()).toList())
                .bindArray("projects", String.class, targets.stream().map(row -> row.target().project()).toList())
                .bindArray("states", String.class, results.stream().map(result -> result.state().name()).toList())
                .bindArray("attempts", Integer.class, results.stream().map(TargetResult::attempts).toList())
                .bindArray("copies", String.class, results.stream().map(TargetResult::targetCertificateId).toList())
                .bindArray("reasons", String.class, results.stream().map(TargetResult::reasonCode).toList())
                .bindArray("failures", String.class, results.stream().map(result -> Json.write(result.failure())).toList())
                .bindArray("finals", Boolean.class, results.stream().map(result -> result.state().terminal()).toList())
                .execute();
    }

    /** Everything but the end: the renewal gives its lease back and waits for what comes next. */
    void goOn(Handle tx, Lease lease, Step step) {
        if (step.next() instanceof Next.Confirm confirm) {
            confirm(tx, lease, confirm);
        } else if (step.next() instanceof Next.Resolve resolve) {
            resolve(tx, lease, resolve);
        } else if (step.next() instanceof Next.Later later) {
            later(tx, lease, later, step.targets());
        } else if (step.next() instanceof Next.Held held) {
            hold(tx, lease, held, step.targets());
        }
    }

    /**
     * An account is looked at at most once in a window, so that a trickle of imports shares its looks as a burst does; a single
     * one does not wait.
     */
    private void confirm(Handle tx, Lease lease, Next.Confirm confirm) {
        tx.createUpdate(
                """
                        UPDATE renewal
                           SET state = 'CONFIRMING', scm_certificate_id = :scmId, imported = true, attempts = 0, looks = 0, waiting_since = now(),
                               reason_code = NULL, failure = NULL, lease_owner = NULL, lease_until = '-infinity',
                               next_at = greatest(now() + make_interval(secs => :window),
                                                  (SELECT a.looked_at FROM account a WHERE a.account = renewal.account) + make_interval(secs => :spacing)), updated_at = now()
                         WHERE id = :id AND epoch = :epoch""")
                .bind("id", lease.id()).bind("epoch", lease.epoch()).bind("scmId", confirm.scmCertificateId())
                .bind("window", Claims.seconds(confirm.window())).bind("spacing", Claims.seconds(lookWindow)).execute();
    }

    private static void resolve(Handle tx, Lease lease, Next.Resolve resolve) {
        tx.createUpdate(
                """
                        UPDATE renewal
                           SET state = 'RESOLVING', reason_code = :reason, failure = :failure::jsonb, looks = 0, attempts = 0, unknowns = unknowns + 1,
                               waiting_since = now(), lease_owner = NULL, lease_until = '-infinity', next_at = now(), updated_at = now()
                         WHERE id = :id AND epoch = :epoch""")
                .bind("id", lease.id()).bind("epoch", lease.epoch()).bind("reason", resolve.failure().reasonCode())
                .bind("failure", Json.write(resolve.failure())).execute();
    }

    private void later(Handle tx, Lease lease, Next.Later later, List<TargetRow> targets) {
        var calls = planner.calls(targets.stream().filter(t -> !t.result().state().terminal()).map(TargetRow::target).toList());
        tx.createUpdate(
                """
                        UPDATE renewal
                           SET state = :state, attempts = attempts + :counted, reason_code = :reason, failure = :failure::jsonb,
                               due_push = CASE WHEN :pushing THEN :push ELSE due_push END, due_batch = CASE WHEN :pushing THEN :batch ELSE due_batch END,
                               priority = CASE WHEN deadline_at < now() + interval '24 hours' THEN 0 ELSE priority END,
                               lease_owner = NULL, lease_until = '-infinity', next_at = now() + make_interval(secs => :pause), updated_at = now()
                         WHERE id = :id AND epoch = :epoch""")
                .bind("id", lease.id()).bind("epoch", lease.epoch()).bind("state", later.state().name())
                .bind("counted", later.counted() ? 1 : 0)
                .bind("reason", later.failure() == null ? null : later.failure().reasonCode())
                .bind("failure", Json.write(later.failure()))
                .bind("pushing", later.state() == State.PUSHING).bind("push", calls.push()).bind("batch", calls.batchPush())
                .bind("pause", Claims.seconds(later.pause())).execute();
    }

    private void hold(Handle tx, Lease lease, Next.Held held, List<TargetRow> targets) {
        var calls = planner.calls(targets.stream().filter(t -> !t.result().state().terminal()).map(TargetRow::target).toList());
        tx.createUpdate(
                """
                        UPDATE renewal
                           SET state = 'HELD', held_from = :from, hold = :hold, reason_code = :reason, failure = :failure::jsonb,
                               due_push = CASE WHEN :pushing THEN :push ELSE due_push END, due_batch = CASE WHEN :pushing THEN :batch ELSE due_batch END,
                               stop = NULL, lease_owner = NULL, lease_until = '-infinity', epoch = epoch + 1, updated_at = now(),
                               next_at = CASE WHEN :pause < 0 THEN 'infinity' ELSE now() + make_interval(secs => :pause) END
                         WHERE id = :id AND epoch = :epoch""")
                .bind("id", lease.id()).bind("epoch", lease.epoch()).bind("from", held.from().name())
                .bind("hold", held.hold().name())
                .bind("reason", held.failure() == null ? null : held.failure().reasonCode())
                .bind("failure", Json.write(held.failure()))
                .bind("pushing", held.from() == State.PUSHING).bind("push", calls.push()).bind("batch", calls.batchPush())
                .bind("pause", held.pause() == null ? -1.0 : Claims.seconds(held.pause())).execute();
    }

    /** The import happened although the renewal is to stop: its outcome must say so. */
    void imported(Handle tx, Lease lease, Next.Confirm confirm) {
        tx.createUpdate("UPDATE renewal SET scm_certificate_id = :scmId, imported = true WHERE id = :id AND epoch = :epoch")
                .bind("id", lease.id()).bind("epoch", lease.epoch()).bind("scmId", confirm.scmCertificateId()).execute();
    }
}

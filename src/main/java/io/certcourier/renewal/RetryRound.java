package io.certcourier.renewal;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;

import io.certcourier.certificate.Target;
import io.certcourier.certificate.TargetService;
import io.certcourier.renewal.ActionRefused.Reason;
import io.certcourier.renewal.OperatorStore.Row;

/** A new round of an ended renewal whose certificate is in SCM: only what is missing is done, so no key is needed. */
@ApplicationScoped
class RetryRound {

    private static final Set<State> RETRIABLE = Set.of(State.PARTIAL, State.FAILED, State.EXPIRED, State.CANCELLED);

    private final Planner planner;
    private final double deadlineSeconds;

    RetryRound(Planner planner, RenewalConfig config) {
        this.planner = planner;
        this.deadlineSeconds = Claims.seconds(config.deadline());
    }

    /** @throws ActionRefused it cannot be retried */
    void open(Handle tx, Subject subject, Row row) {
        OperatorStore.refuseIf(!RETRIABLE.contains(row.state()) && row.state() != State.REJECTED, Reason.ENDED,
                "The renewal has ended, and nothing is left to do for it.");
        OperatorStore.refuseIf(row.scmCertificateId() == null || row.notAfter() == null || row.notAfter().isBefore(row.now()),
                Reason.EVENT_NEEDED, "SCM does not have its certificate, or it has expired: only a new event helps.");
        var renewal = subject.read(tx, row.id());
        OperatorStore.refuseIf(
                subject.current() != null || subject.delivered() != null && !subject.delivered().id().equals(row.id())
                        && Superseding.isNewer(subject.delivered().order(), renewal.order()),
                Reason.NEWER_RENEWAL, "Another renewal of this certificate name is open, or newer and delivered.");
        var missing = tx.createQuery("""
                UPDATE renewal_target
                   SET state = 'RETRY', attempts = 0, unknowns = unknowns + CASE state WHEN 'SENT' THEN 1 ELSE 0 END,
                       reason_code = NULL, failure = NULL, done_at = NULL
                 WHERE renewal = :id AND state NOT IN ('PUSHED', 'PRESENT') RETURNING service, project""").bind("id", row.id())
                .map((rs, ctx) -> new Target(TargetService.valueOf(rs.getString(1)), rs.getString(2))).list();
        var calls = planner.calls(missing);
        tx.createUpdate(
                """
                        UPDATE renewal
                           SET state = CASE WHEN confirmed_at IS NULL THEN 'CONFIRMING' ELSE 'PUSHING' END, round = round + 1, ended_at = NULL, reason_code = NULL,
                               failure = NULL, superseded_by = NULL, attempts = 0, looks = 0, due_push = :push, due_batch = :batch,
                               next_at = greatest(now(), :quietUntil::timestamptz),
                               deadline_at = least(now() + make_interval(secs => :deadline), not_after), deadline_reason = 'DEADLINE_EXCEEDED', epoch = epoch + 1,
                               waiting_since = CASE WHEN confirmed_at IS NULL THEN now() END, updated_at = now()
                         WHERE id = :id""")
                .bind("id", row.id()).bind("push", calls.push()).bind("batch", calls.batchPush())
                .bind("quietUntil", (Object) subject.quietUntil()).bind("deadline", deadlineSeconds).execute();
        subject.current(renewal);
        subject.store(tx);
    }
}

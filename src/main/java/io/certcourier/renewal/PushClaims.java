package io.certcourier.renewal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;

import io.certcourier.certificate.Target;
import io.certcourier.certificate.TargetService;
import io.certcourier.renewal.Claim.Intent;
import io.certcourier.renewal.Claim.Lease;
import io.certcourier.renewal.Claim.TargetRow;
import io.certcourier.renewal.Claims.Lane;
import io.certcourier.scm.CallBudget;
import io.certcourier.scm.PushCall;
import io.certcourier.scm.ScmClient;
import io.certcourier.scm.ScmOperation;

/** The push part of C2: which calls the budget grants, and their intents. */
@ApplicationScoped
class PushClaims {

    /** A claimed row before its calls are known. */
    private record Taken(Lease lease, int round, String scmCertificateId, int mayPush, int mayBatch) {
    }

    private final ScmClient scm;
    private final CallBudget budget;

    PushClaims(ScmClient scm, CallBudget budget) {
        this.scm = scm;
        this.budget = budget;
    }

    List<Claim.Push> claim(Handle tx, String account, Lane lane, int priority, int free, String owner, double leaseSeconds,
            long before) {
        var taken = tx
                .createQuery(
                        """
                                WITH bucket AS MATERIALIZED (
                                  SELECT b.operation, tokens_now(b) AS available, floor(b.burst) AS most FROM rate_bucket b
                                   WHERE b.account = :account AND b.operation IN ('push', 'batch-push')
                                     AND (SELECT a.breaker FROM account a WHERE a.account = :account) = 'CLOSED'
                                   ORDER BY b.operation FOR UPDATE OF b
                                ), room AS MATERIALIZED (
                                  SELECT coalesce(max(available) FILTER (WHERE operation = 'push'), 0)       AS push,
                                         coalesce(max(available) FILTER (WHERE operation = 'batch-push'), 0) AS batch,
                                         max(most) FILTER (WHERE operation = 'push') AS most_push, max(most) FILTER (WHERE operation = 'batch-push') AS most_batch,
                                         CASE WHEN count(*) = 2 THEN :free ELSE 0 END AS n FROM bucket
                                ), pick AS MATERIALIZED (
                                  SELECT r.id, r.next_at, r.due_push, r.due_batch FROM renewal r
                                   WHERE (SELECT n FROM room) > 0
                                     AND r.ended_at IS NULL AND r.account = :account AND r.lane = :lane AND r.priority = :priority AND r.next_at <= now() AND r.stop IS NULL
                                   ORDER BY r.next_at LIMIT 16 FOR UPDATE SKIP LOCKED
                                ), need AS (
                                  SELECT id, next_at, least(due_push, most_push)::smallint AS may_push, least(due_batch, most_batch)::smallint AS may_batch FROM pick, room
                                ), fit AS MATERIALIZED (
                                  SELECT id, may_push, may_batch
                                    FROM (SELECT id, may_push, may_batch, row_number() OVER w AS nth, sum(may_push) OVER w AS sum_push, sum(may_batch) OVER w AS sum_batch
                                            FROM need WINDOW w AS (ORDER BY next_at, id ROWS UNBOUNDED PRECEDING)) s, room
                                   WHERE nth <= room.n AND sum_push <= room.push AND sum_batch <= room.batch
                                ), taken AS (
                                  UPDATE renewal r
                                     SET lease_owner = :owner, lease_until = now() + make_interval(secs => :lease), next_at = now() + make_interval(secs => :lease),
                                         epoch = epoch + 1, started_at = coalesce(started_at, now()), updated_at = now()
                                   WHERE r.id = ANY (ARRAY(SELECT id FROM fit))
                                  RETURNING r.id, r.epoch, r.subject_key, r.account, r.certificate_name, r.attempts, r.traceparent, r.round, r.scm_certificate_id
                                ), spent AS (
                                  UPDATE rate_bucket b
                                     SET tokens = k.available - (SELECT sum(CASE k.operation WHEN 'push' THEN may_push ELSE may_batch END) FROM fit),
                                         refilled_at = greatest(b.refilled_at, now())
                                    FROM bucket k
                                   WHERE b.account = :account AND b.operation = k.operation
                                     AND (SELECT sum(CASE k.operation WHEN 'push' THEN may_push ELSE may_batch END) FROM fit) > 0
                                )
                                SELECT t.id, t.epoch, t.subject_key, t.account, t.certificate_name, t.attempts, t.traceparent, t.round, t.scm_certificate_id, f.may_push, f.may_batch
                                  FROM taken t JOIN fit f USING (id)""")
                .bind("account", account).bind("owner", owner).bind("lease", leaseSeconds).bind("free", free)
                .bind("priority", priority)
                .bind("lane", lane.column())
                .map((rs, ctx) -> new Taken(Claims.lease(rs, before), rs.getInt("round"), rs.getString("scm_certificate_id"),
                        rs.getInt("may_push"), rs.getInt("may_batch")))
                .list();
        return taken.stream().map(row -> withIntents(tx, row, owner)).toList();
    }

    private Claim.Push withIntents(Handle tx, Taken row, String owner) {
        var before = targets(tx, row.lease().id());
        var open = before.stream().filter(t -> !t.result().state().terminal()).map(TargetRow::target).toList();
        var granted = granted(scm.plan(open), row);
        giveBackRest(tx, row, granted);
        markSent(tx, row.lease().id(), granted.stream().flatMap(c -> c.targets().stream()).toList());
        var intents = granted.stream().map(call -> new Intent(call, begin(tx, row, call, owner))).toList();
        return new Claim.Push(row.lease(), row.scmCertificateId(), intents, targets(tx, row.lease().id()));
    }

    private static List<PushCall> granted(List<PushCall> wanted, Taken row) {
        var granted = new ArrayList<PushCall>();
        int push = row.mayPush();
        int batch = row.mayBatch();
        for (var call : wanted) {
            boolean single = call.operation() == ScmOperation.PUSH;
            if (single && push-- > 0 || !single && batch-- > 0) {
                granted.add(call);
            }
        }
        return granted;
    }

    private void giveBackRest(Handle tx, Taken row, List<PushCall> granted) {
        int batch = (int) granted.stream().filter(c -> c.operation() == ScmOperation.BATCH_PUSH).count();
        budget.give(tx, row.lease().account(), ScmOperation.BATCH_PUSH, row.mayBatch() - batch);
        budget.give(tx, row.lease().account(), ScmOperation.PUSH, row.mayPush() - (granted.size() - batch));
    }

    static List<TargetRow> targets(Handle tx, UUID id) {
        return tx.createQuery("""
                SELECT service, project, state, attempts, unknowns, target_certificate_id, failure FROM renewal_target
                 WHERE renewal = :id ORDER BY service, project""")
                .bind("id", id)
                .map((rs, ctx) -> new TargetRow(
                        new Target(TargetService.valueOf(rs.getString("service")), rs.getString("project")),
                        new TargetResult(TargetState.valueOf(rs.getString("state")), rs.getInt("attempts"),
                                rs.getString("target_certificate_id"), Json.failure(rs.getString("failure"))),
                        rs.getInt("unknowns")))
                .list();
    }

    /** A target found SENT was sent by a lost owner, or its answer was lost: one more push that nobody knows of. */
    private static void markSent(Handle tx, UUID id, Collection<Target> targets) {
        if (targets.isEmpty()) {
            return;
        }
        tx.createUpdate(
                """
                        UPDATE renewal_target t
                           SET state = 'SENT', attempts = attempts + 1, unknowns = unknowns + CASE WHEN state = 'SENT' THEN 1 ELSE 0 END
                          FROM unnest(:services, :projects) AS g(service, project)
                         WHERE t.renewal = :id AND t.service = g.service AND t.project = g.project AND t.state IN ('WAITING', 'RETRY', 'SENT')""")
                .bind("id", id).bindArray("services", String.class, targets.stream().map(t -> t.service().name()).toList())
                .bindArray("projects", String.class, targets.stream().map(Target::project).toList()).execute();
    }

    private static long begin(Handle tx, Taken row, PushCall call, String owner) {
        return tx.createQuery("""
                INSERT INTO attempt (renewal, account, round, epoch, owner, operation, service, projects)
                VALUES (:renewal, :account, :round, :epoch, :owner, :operation, :service, :projects) RETURNING id""")
                .bind("renewal", row.lease().id()).bind("account", row.lease().account()).bind("round", row.round())
                .bind("epoch", row.lease().epoch()).bind("owner", owner).bind("operation", call.operation().label())
                .bind("service", call.service().name())
                .bindArray("projects", String.class, call.targets().stream().map(Target::project).toList())
                .mapTo(Long.class).one();
    }
}

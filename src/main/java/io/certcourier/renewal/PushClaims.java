package io.certcourier.renewal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;

import io.certcourier.certificate.Target;
import io.certcourier.renewal.Claim.Intent;
import io.certcourier.renewal.Claim.Lease;
import io.certcourier.renewal.Claim.TargetRow;
import io.certcourier.renewal.Claims.Lane;
import io.certcourier.renewal.PushIntents.Planned;
import io.certcourier.scm.CallBudget;
import io.certcourier.scm.PushCall;
import io.certcourier.scm.ScmClient;
import io.certcourier.scm.ScmOperation;

/** The push part of C2: which rows, and which of their calls, the budget grants. */
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
        return taken.isEmpty() ? List.of() : withIntents(tx, account, taken, owner);
    }

    /** What the rows' calls will be, in a statement each for all rows. */
    private List<Claim.Push> withIntents(Handle tx, String account, List<Taken> taken, String owner) {
        var targets = PushIntents.targets(tx, taken.stream().map(row -> row.lease().id()).toList());
        var granted = new LinkedHashMap<Taken, List<PushCall>>();
        taken.forEach(row -> granted.put(row, granted(open(targets.get(row.lease().id())), row)));
        giveBackRest(tx, account, granted);
        var planned = granted.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .map(call -> Planned.of(entry.getKey().lease(), entry.getKey().round(), call)))
                .toList();
        PushIntents.markSent(tx, planned, targets);
        var attempts = PushIntents.begin(tx, planned, owner);
        return taken.stream().map(row -> new Claim.Push(row.lease(), row.scmCertificateId(),
                granted.get(row).stream()
                        .map(call -> new Intent(call, attempts.get(Planned.of(row.lease(), row.round(), call)))).toList(),
                List.copyOf(targets.get(row.lease().id()).values()))).toList();
    }

    private static List<Target> open(Map<Target, TargetRow> targets) {
        return targets.values().stream().filter(t -> !t.result().state().terminal()).map(TargetRow::target).toList();
    }

    private List<PushCall> granted(List<Target> open, Taken row) {
        var granted = new ArrayList<PushCall>();
        int push = row.mayPush();
        int batch = row.mayBatch();
        for (var call : scm.plan(open)) {
            boolean single = call.operation() == ScmOperation.PUSH;
            if (single && push-- > 0 || !single && batch-- > 0) {
                granted.add(call);
            }
        }
        return granted;
    }

    private void giveBackRest(Handle tx, String account, Map<Taken, List<PushCall>> granted) {
        var calls = granted.values().stream().flatMap(List::stream).toList();
        int batch = (int) calls.stream().filter(c -> c.operation() == ScmOperation.BATCH_PUSH).count();
        budget.give(tx, account, ScmOperation.BATCH_PUSH, granted.keySet().stream().mapToInt(Taken::mayBatch).sum() - batch);
        budget.give(tx, account, ScmOperation.PUSH,
                granted.keySet().stream().mapToInt(Taken::mayPush).sum() - (calls.size() - batch));
    }
}

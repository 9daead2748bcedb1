package io.certcourier.renewal;

import java.time.Duration;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.outcome.ReasonCode.Phase;
import io.certcourier.renewal.Claim.Lease;

/**
 * Stores what a step decided (commit points C3 and C4), only while the epoch is ours. A newer renewal, a cancel or a hold takes
 * effect here, between two calls.
 */
@ApplicationScoped
class RenewalStore {

    private static final Logger LOG = Logger.getLogger(RenewalStore.class);
    /** The wish that does not end the renewal. */
    private static final String HOLD = "HELD";

    /** @param stop what somebody asked the owner to do; null if nothing */
    private record Fence(String stop) {
    }

    private enum Saved {
        STORED,
        ASKED_TO_STOP,
        LOST
    }

    private final Jdbi jdbi;
    private final Endings endings;
    private final StepWrites writes;
    private final AccountLessons lessons;
    private final String owner;
    private final Duration leaseTime;

    RenewalStore(Jdbi jdbi, Endings endings, StepWrites writes, AccountLessons lessons, Replica replica, RenewalConfig config) {
        this.jdbi = jdbi;
        this.endings = endings;
        this.writes = writes;
        this.lessons = lessons;
        this.owner = replica.name();
        this.leaseTime = config.lease();
    }

    /** @return false if the lease was lost: another replica has the renewal, and this result decided nothing */
    boolean save(Lease lease, Step step) {
        Saved saved = jdbi.inTransaction(tx -> saveIn(tx, lease, step));
        if (saved == Saved.ASKED_TO_STOP) {
            saved = jdbi.inTransaction(tx -> stopIn(tx, lease, step));
        }
        if (saved == Saved.LOST) {
            jdbi.useTransaction(tx -> lessons.complete(tx, lease.account(),
                    step.calls().stream().map(CallResult::asZombie).toList()));
            LOG.warnf("lease lost, result dropped: renewalId=%s account=%s", lease.id(), lease.account());
        }
        return saved == Saved.STORED;
    }

    private Saved saveIn(Handle tx, Lease lease, Step step) {
        Subject subject = step.next() instanceof Next.End ? Subject.lock(tx, lease.subjectKey()) : null;
        lessons.learn(tx, lease.account(), step.calls());
        var fence = fence(tx, lease);
        if (fence.isEmpty()) {
            return Saved.LOST;
        }
        boolean toHold = HOLD.equals(fence.get().stop());
        if (fence.get().stop() != null && !toHold && subject == null) {
            return Saved.ASKED_TO_STOP;
        }
        writes.complete(tx, lease, step);
        if (step.next() instanceof Next.End end) {
            endings.endOwn(tx, subject, lease.id(), lease.epoch(), end);
        } else {
            writes.goOn(tx, lease, step);
            if (toHold) {
                OperatorHold.put(tx, lease.id());
            }
        }
        return Saved.STORED;
    }

    /** Locks the row if it is still ours; the second try of a commit whose answer was lost finds that it is not. */
    private Optional<Fence> fence(Handle tx, Lease lease) {
        return tx.createQuery("SELECT stop FROM renewal WHERE id = :id AND epoch = :epoch AND lease_owner = :owner FOR UPDATE")
                .bind("id", lease.id()).bind("epoch", lease.epoch()).bind("owner", owner)
                .map((rs, ctx) -> new Fence(rs.getString(1))).findOne();
    }

    /** The owner was asked to stop: what its step found out is kept, what it would do next is not. */
    private Saved stopIn(Handle tx, Lease lease, Step step) {
        Subject subject = Subject.lock(tx, lease.subjectKey());
        var fence = fence(tx, lease);
        if (fence.isEmpty()) {
            return Saved.LOST;
        }
        writes.complete(tx, lease, step);
        if (step.next() instanceof Next.Confirm confirm) {
            writes.imported(tx, lease, confirm);
        }
        endings.endOwn(tx, subject, lease.id(), lease.epoch(), stopped(fence.get().stop()));
        return Saved.STORED;
    }

    private static Next.End stopped(String stop) {
        return "CANCELLED".equals(stop) ? OperatorStore.cancelled()
                : new Next.End(State.SUPERSEDED, Failure.of(ReasonCode.SUPERSEDED, Phase.SCHEDULE, null, null));
    }

    /**
     * Ends a renewal that was claimed because its deadline passed, or because it was asked to stop and its owner died; holds it
     * if that was asked for.
     *
     * @return false if it is no longer ours
     */
    boolean end(Lease lease) {
        return jdbi.inTransaction(tx -> {
            Subject subject = Subject.lock(tx, lease.subjectKey());
            var fence = fence(tx, lease);
            if (fence.isEmpty()) {
                return false;
            }
            if (HOLD.equals(fence.get().stop()) && !late(tx, lease)) {
                return OperatorHold.put(tx, lease.id()) == 1;
            }
            return endings.endOwn(tx, subject, lease.id(), lease.epoch(),
                    fence.get().stop() != null && !HOLD.equals(fence.get().stop()) ? stopped(fence.get().stop())
                            : expired(tx, lease));
        });
    }

    private static boolean late(Handle tx, Lease lease) {
        return tx.createQuery("SELECT deadline_at <= now() FROM renewal WHERE id = :id").bind("id", lease.id())
                .mapTo(Boolean.class).one();
    }

    /** Ends a renewal that waits and that nobody has leased; if it moved on meanwhile, nothing happens. */
    void endWaiting(Lease waiting, Next.End end) {
        jdbi.useTransaction(tx -> {
            Subject subject = Subject.lock(tx, waiting.subjectKey());
            boolean stillWaits = tx.createQuery(
                    "SELECT 1 FROM renewal WHERE id = :id AND epoch = :epoch AND lease_owner IS NULL AND ended_at IS NULL FOR UPDATE")
                    .bind("id", waiting.id()).bind("epoch", waiting.epoch()).mapTo(Integer.class).findOne().isPresent();
            if (stillWaits) {
                endings.endOwn(tx, subject, waiting.id(), waiting.epoch(), end);
            }
        });
    }

    private static Next.End expired(Handle tx, Lease lease) {
        return tx
                .createQuery(
                        """
                                SELECT deadline_reason, failure,
                                       EXISTS (SELECT 1 FROM renewal_target t WHERE t.renewal = r.id AND t.state IN ('PUSHED', 'PRESENT')) AS reached
                                  FROM renewal r WHERE r.id = :id""")
                .bind("id", lease.id())
                .map((rs, ctx) -> {
                    var last = Json.failure(rs.getString("failure"));
                    var failure = Failure.of(ReasonCode.valueOf(rs.getString("deadline_reason")), Phase.SCHEDULE, null,
                            last == null ? null : last.provider());
                    return new Next.End(rs.getBoolean("reached") ? State.PARTIAL : State.EXPIRED, failure);
                }).one();
    }

    /**
     * Keeps the lease if too little of it is left for one more call.
     *
     * @return false if it had to be kept and is lost, or the renewal was asked to stop: make no call
     */
    boolean leaseLasts(Lease lease, Duration callDeadline) {
        long left = leaseTime.toNanos() - (System.nanoTime() - lease.leasedAt());
        if (left >= callDeadline.plusSeconds(2).toNanos()) {
            return true;
        }
        return jdbi.inTransaction(tx -> tx
                .createUpdate(
                        """
                                UPDATE renewal SET lease_until = now() + make_interval(secs => :lease), next_at = now() + make_interval(secs => :lease)
                                 WHERE id = :id AND epoch = :epoch AND ended_at IS NULL AND stop IS NULL""")
                .bind("id", lease.id()).bind("epoch", lease.epoch()).bind("lease", Claims.seconds(leaseTime)).execute()) == 1;
    }
}

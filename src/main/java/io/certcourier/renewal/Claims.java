package io.certcourier.renewal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

import io.certcourier.renewal.Claim.Lease;
import io.certcourier.renewal.Claim.Material;
import io.certcourier.scm.ScmConfig;

/**
 * Commit point C2: budget, pick, lease, epoch and intent in one transaction. Claims take rows with SKIP LOCKED and so never
 * wait for one.
 * The statements' shapes are measured: a literal LIMIT and ids from an array keep every plan an index scan, also over 200,000
 * open rows.
 */
@ApplicationScoped
class Claims {

    /** What is due for an account, in the order in which it should be taken: finish what is begun, urgent first. */
    record Due(Lane lane, int priority) {
    }

    /** The queues of an account; column {@code lane} follows state and due calls. */
    enum Lane {
        BOTH,
        BATCH,
        PUSH,
        LOOK,
        IMPORT,
        ORPHAN,
        HELD;

        String column() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final int MOST_AT_ONCE = 16;

    private final Jdbi jdbi;
    private final PushClaims pushes;
    private final String owner;
    private final double leaseSeconds;
    private final double callDeadlineSeconds;

    Claims(Jdbi jdbi, PushClaims pushes, Replica replica, RenewalConfig config, ScmConfig scm) {
        this.jdbi = jdbi;
        this.pushes = pushes;
        this.owner = replica.name();
        this.leaseSeconds = seconds(config.lease());
        this.callDeadlineSeconds = seconds(scm.callDeadline());
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** Read only: one index probe per lane and priority, flat in the backlog. */
    List<Due> due(String account) {
        return jdbi.withHandle(handle -> handle.createQuery(
                """
                        SELECT l.lane, p.priority
                          FROM (VALUES ('both'), ('batch'), ('push'), ('look'), ('import'), ('orphan'), ('held')) l(lane)
                         CROSS JOIN (VALUES (0::smallint), (1::smallint), (2::smallint)) p(priority)
                         CROSS JOIN LATERAL (SELECT 1 FROM renewal r
                                              WHERE r.ended_at IS NULL AND r.account = :account AND r.lane = l.lane AND r.priority = p.priority AND r.next_at <= now()
                                              ORDER BY r.next_at LIMIT 1) found
                         UNION ALL
                        SELECT 'look', 0::smallint FROM account WHERE account = :account AND breaker IN ('PROBING', 'OPEN') AND probe_at <= now()""")
                .bind("account", account)
                .map((rs, ctx) -> new Due(Lane.valueOf(rs.getString(1).toUpperCase(Locale.ROOT)), rs.getInt(2)))
                .stream().sorted(Comparator.comparingInt(Due::priority).thenComparing(Due::lane)).toList());
    }

    /** READY becomes IMPORTING: the intent to import survives a crash. */
    List<Claim.Import> imports(String account, int priority, int free) {
        long before = System.nanoTime();
        return jdbi.inTransaction(tx -> {
            var claimed = tx
                    .createQuery(
                            """
                                    WITH bucket AS MATERIALIZED (
                                      SELECT b.account, tokens_now(b) AS available FROM rate_bucket b
                                       WHERE b.account = :account AND b.operation = 'import'
                                         AND (SELECT a.breaker FROM account a WHERE a.account = :account) = 'CLOSED'
                                         AND (SELECT count(*) FROM (SELECT 1 FROM renewal r WHERE r.ended_at IS NULL AND r.account = :account AND r.lane = 'look' LIMIT 100) w) < 100
                                         FOR UPDATE OF b
                                    ), room AS MATERIALIZED (
                                      SELECT least(:free, coalesce(floor(max(available)), 0))::integer AS n FROM bucket
                                    ), pick AS MATERIALIZED (
                                      SELECT r.id, r.next_at FROM renewal r
                                       WHERE (SELECT n FROM room) > 0
                                         AND r.ended_at IS NULL AND r.account = :account AND r.lane = 'import' AND r.priority = :priority AND r.next_at <= now()
                                       ORDER BY r.next_at LIMIT 16 FOR UPDATE SKIP LOCKED
                                    ), taken AS (
                                      UPDATE renewal r
                                         SET state = 'IMPORTING', lease_owner = :owner, lease_until = now() + make_interval(secs => :lease),
                                             next_at = now() + make_interval(secs => :lease), epoch = epoch + 1, started_at = coalesce(started_at, now()), updated_at = now()
                                       WHERE r.id = ANY (ARRAY(SELECT id FROM pick ORDER BY next_at, id LIMIT (SELECT n FROM room)))
                                      RETURNING r.id, r.epoch, r.subject_key, r.account, r.certificate_name, r.attempts, r.traceparent, r.round, r.scm_name
                                    ), spent AS (
                                      UPDATE rate_bucket b SET tokens = k.available - (SELECT count(*) FROM taken), refilled_at = greatest(b.refilled_at, now())
                                        FROM bucket k WHERE b.account = k.account AND b.operation = 'import' AND EXISTS (SELECT 1 FROM taken)
                                    ), intent AS (
                                      INSERT INTO attempt (renewal, account, round, epoch, owner, operation)
                                      SELECT id, account, round, epoch, :owner, 'import' FROM taken RETURNING id, renewal
                                    )
                                    SELECT t.id, t.epoch, t.subject_key, t.account, t.certificate_name, t.attempts, t.traceparent, t.scm_name, i.id AS attempt
                                      FROM taken t JOIN intent i ON i.renewal = t.id""")
                    .bind("account", account).bind("owner", owner).bind("lease", leaseSeconds)
                    .bind("free", Math.min(free, MOST_AT_ONCE))
                    .bind("priority", priority)
                    .map((rs, ctx) -> new Claim.Import(lease(rs, before), rs.getString("scm_name"), rs.getLong("attempt"),
                            null))
                    .list();
            var materials = materials(tx, claimed.stream().map(c -> c.lease().id()).toList());
            return claimed.stream()
                    .map(c -> new Claim.Import(c.lease(), c.scmName(), c.attempt(), materials.get(c.lease().id()))).toList();
        });
    }

    private static Map<UUID, Material> materials(Handle tx, List<UUID> ids) {
        var found = new HashMap<UUID, Material>();
        tx.createQuery(
                "SELECT renewal, tink_key_id, ciphertext, leaf_pem, chain_pem FROM renewal_key WHERE renewal = ANY (:ids)")
                .bindArray("ids", UUID.class, ids)
                .map((rs, ctx) -> found.put(rs.getObject(1, UUID.class),
                        new Material(new KeySafe.Sealed(rs.getLong(2), rs.getBytes(3)), rs.getString(4), rs.getString(5))))
                .list();
        return found;
    }

    /** Rows are taken only if all calls of their step fit the push budgets; their open targets become SENT. */
    List<Claim.Push> pushes(String account, Lane lane, int priority, int free) {
        long before = System.nanoTime();
        return jdbi.inTransaction(
                tx -> pushes.claim(tx, account, lane, priority, Math.min(free, MOST_AT_ONCE), owner, leaseSeconds, before));
    }

    /**
     * Rows to end: past the deadline, or asked to stop while their owner died and its last call is over. Needs neither budget
     * nor a working account.
     */
    List<Claim.Ending> endings(int free) {
        long before = System.nanoTime();
        return jdbi.inTransaction(tx -> tx
                .createQuery(
                        """
                                WITH late AS MATERIALIZED (
                                  SELECT id FROM renewal WHERE ended_at IS NULL AND deadline_at <= now()
                                              AND (lease_owner IS NULL OR lease_until <= now() - make_interval(secs => :deadline))
                                   ORDER BY deadline_at LIMIT :free FOR UPDATE SKIP LOCKED
                                ), stopped AS MATERIALIZED (
                                  SELECT id FROM renewal WHERE ended_at IS NULL AND stop IS NOT NULL
                                              AND (lease_owner IS NULL OR lease_until <= now() - make_interval(secs => :deadline))
                                   LIMIT :free FOR UPDATE SKIP LOCKED
                                )
                                UPDATE renewal r
                                   SET lease_owner = :owner, lease_until = now() + make_interval(secs => :lease), next_at = now() + make_interval(secs => :lease),
                                       epoch = epoch + 1, updated_at = now()
                                  FROM (SELECT id FROM late UNION SELECT id FROM stopped) e
                                 WHERE r.id = e.id
                                RETURNING r.id, r.epoch, r.subject_key, r.account, r.certificate_name, r.attempts, r.traceparent""")
                .bind("owner", owner).bind("lease", leaseSeconds).bind("deadline", callDeadlineSeconds).bind("free", free)
                .map((rs, ctx) -> new Claim.Ending(lease(rs, before))).list());
    }

    /**
     * Rows whose owner died while importing: nobody knows the outcome. They wait until the old lease and call have run out for
     * certain.
     */
    int orphans(String account, int priority) {
        return jdbi.inTransaction(tx -> tx.createUpdate(
                """
                        UPDATE renewal
                           SET state = 'RESOLVING', lease_owner = NULL, epoch = epoch + 1, looks = 0, attempts = 0, unknowns = unknowns + 1,
                               reason_code = 'IMPORT_OUTCOME_UNKNOWN', waiting_since = now(),
                               next_at = greatest(now(), lease_until + make_interval(secs => :deadline)), updated_at = now()
                         WHERE id IN (SELECT id FROM renewal WHERE ended_at IS NULL AND account = :account AND lane = 'orphan' AND priority = :priority
                                         AND next_at <= now() AND stop IS NULL ORDER BY next_at LIMIT 100 FOR UPDATE SKIP LOCKED)""")
                .bind("account", account).bind("priority", priority).bind("deadline", callDeadlineSeconds).execute());
    }

    /** Holds that end by themselves. */
    int releases(String account, int priority) {
        return jdbi.inTransaction(tx -> tx
                .createUpdate(
                        """
                                UPDATE renewal
                                   SET state = held_from, held_from = NULL, hold = NULL, epoch = epoch + 1, next_at = now(), updated_at = now()
                                 WHERE id IN (SELECT id FROM renewal WHERE ended_at IS NULL AND account = :account AND lane = 'held' AND priority = :priority
                                                 AND next_at <= now() ORDER BY next_at LIMIT 100 FOR UPDATE SKIP LOCKED)""")
                .bind("account", account).bind("priority", priority).execute());
    }

    static Lease lease(ResultSet rs, long leasedAt) throws SQLException {
        return new Lease(rs.getObject("id", UUID.class), rs.getLong("epoch"), rs.getString("subject_key"),
                rs.getString("account"),
                rs.getString("certificate_name"), rs.getInt("attempts"), rs.getString("traceparent"), leasedAt);
    }
}

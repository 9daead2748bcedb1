package io.certcourier.renewal;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

import io.certcourier.renewal.Claim.Lease;
import io.certcourier.renewal.Look.Question;
import io.certcourier.renewal.Look.Shown;
import io.certcourier.scm.CertificatePage.Listed;
import io.certcourier.scm.RecentCertificates;
import io.certcourier.scm.ScmConfig;

/**
 * The shared look: one list call answers for all renewals of an account that wait for confirmation, and one replica makes it
 * (L1, L2). A certificate that is listed is a fact, also from a late look; one that is not listed counts only while the
 * look is still ours, and only for rows that were due when it began.
 */
@ApplicationScoped
class Looks {

    private final Jdbi jdbi;
    private final AccountLessons lessons;
    private final String owner;
    private final double leaseSeconds;
    private final double callDeadlineSeconds;

    Looks(Jdbi jdbi, AccountLessons lessons, Replica replica, RenewalConfig config, ScmConfig scm) {
        this.jdbi = jdbi;
        this.lessons = lessons;
        this.owner = replica.name();
        this.leaseSeconds = Claims.seconds(config.lease());
        this.callDeadlineSeconds = Claims.seconds(scm.callDeadline());
    }

    /**
     * L1. For waiting renewals while the breaker is closed; as a probe while it is PROBING or OPEN and a probe is due. Empty if
     * another replica looks.
     */
    Optional<Look> claim(String account) {
        return jdbi.inTransaction(tx -> tx
                .createQuery(
                        """
                                WITH free AS MATERIALIZED (
                                  SELECT a.account FROM account a
                                   WHERE a.account = :account AND (a.look_owner IS NULL OR a.look_until <= now())
                                     AND CASE a.breaker
                                           WHEN 'CLOSED' THEN (SELECT true FROM renewal r WHERE r.ended_at IS NULL AND r.account = :account AND r.lane = 'look'
                                                                  AND r.next_at <= now() ORDER BY r.priority, r.next_at LIMIT 1)
                                           WHEN 'PAUSED' THEN false
                                           ELSE a.probe_at <= now() END
                                     FOR UPDATE SKIP LOCKED
                                ), paid AS (
                                  UPDATE rate_bucket b SET tokens = tokens_now(b) - 1, refilled_at = greatest(b.refilled_at, now())
                                    FROM free WHERE b.account = free.account AND b.operation = 'list' AND tokens_now(b) >= 1
                                  RETURNING b.account
                                ), leased AS (
                                  UPDATE account a SET look_owner = :owner, look_until = now() + make_interval(secs => :lease), look_epoch = look_epoch + 1,
                                         looked_at = now(), updated_at = now()
                                    FROM paid WHERE a.account = paid.account
                                  RETURNING a.account, a.look_epoch, a.looked_at
                                ), intent AS (
                                  INSERT INTO attempt (account, epoch, owner, operation) SELECT account, look_epoch, :owner, 'list' FROM leased RETURNING id
                                )
                                SELECT leased.look_epoch, leased.looked_at, intent.id AS attempt,
                                       ARRAY(SELECT r.scm_name FROM renewal r WHERE r.ended_at IS NULL AND r.account = :account AND r.lane = 'look' AND r.next_at <= now()
                                              LIMIT 200) AS waiting,
                                       ARRAY(SELECT r.traceparent FROM renewal r WHERE r.ended_at IS NULL AND r.account = :account AND r.lane = 'look' AND r.next_at <= now()
                                                AND r.traceparent IS NOT NULL LIMIT 50) AS traceparents
                                  FROM leased, intent""")
                .bind("account", account).bind("owner", owner).bind("lease", leaseSeconds)
                .map((rs, ctx) -> new Look(account, rs.getLong("look_epoch"), rs.getObject("looked_at", OffsetDateTime.class),
                        rs.getLong("attempt"),
                        List.of((String[]) rs.getArray("waiting").getArray()),
                        List.of((String[]) rs.getArray("traceparents").getArray())))
                .findOne());
    }

    /**
     * What the list alone does not answer: a certificate of a RESOLVING renewal's name, or one that should be listed by now and
     * is not.
     */
    List<Question> questions(Look look, Collection<Listed> listed) {
        return jdbi.withHandle(handle -> withListed(handle
                .createQuery(
                        """
                                WITH seen AS (SELECT * FROM unnest(:ids, :names, :statuses) AS t(scm_id, name, status))
                                SELECT r.id, r.epoch, s.scm_id, encode(r.leaf_sha1, 'hex') AS sha1 FROM renewal r JOIN seen s ON s.name = r.scm_name
                                 WHERE r.ended_at IS NULL AND r.account = :account AND r.lane = 'look' AND r.state = 'RESOLVING' AND r.lease_owner IS NULL
                                 UNION ALL
                                SELECT r.id, r.epoch, r.scm_certificate_id, encode(r.leaf_sha1, 'hex') FROM renewal r
                                 WHERE r.ended_at IS NULL AND r.account = :account AND r.lane = 'look' AND r.state = 'CONFIRMING' AND r.lease_owner IS NULL
                                   AND r.next_at <= :lookedAt AND r.looks >= 2 AND NOT EXISTS (SELECT 1 FROM seen s WHERE s.scm_id = r.scm_certificate_id)
                                 ORDER BY 1, 3""")
                .bind("account", look.account()).bind("lookedAt", look.lookedAt()), listed)
                .map((rs, ctx) -> new Question(rs.getObject(1, UUID.class), rs.getLong(2), rs.getString(3), rs.getString(4)))
                .list());
    }

    private static Query withListed(Query query, Collection<Listed> listed) {
        return query.bindArray("ids", String.class, listed.stream().map(Listed::id).toList())
                .bindArray("names", String.class, listed.stream().map(Listed::name).toList())
                .bindArray("statuses", String.class, listed.stream().map(Listed::status).toList());
    }

    /**
     * L2: everything the look found out, in one transaction.
     *
     * @return renewals that SCM shows in a status which can never be pushed; the caller ends them
     */
    List<Lease> apply(Look look, CallResult call, RecentCertificates.Answer answer, List<Shown> shown) {
        var listed = answer.certificates();
        return jdbi.inTransaction(tx -> {
            boolean stillOurs = giveBack(tx, look);
            int confirmed = confirm(tx, look, listed);
            for (var seen : shown) {
                switch (seen.verdict()) {
                    case OURS -> confirmed += LookRules.resolved(tx, seen.question());
                    case OURS_NOT_PUSHABLE -> LookRules.adopted(tx, seen.question());
                    case GONE -> LookRules.vanished(tx, seen.question());
                    case NOT_OURS, OPEN -> {
                    }
                }
            }
            if (stillOurs) {
                var missed = LookRules.missed(tx, look, shown, answer);
                LookRules.importAgain(tx, look, missed, callDeadlineSeconds);
                LookRules.holdUnclear(tx, look, missed);
            }
            lessons.complete(tx, look.account(), List.of(call.withAnswers(confirmed)));
            return notPushable(tx, look.account(), listed);
        });
    }

    /** The answer also proves the account: its breaker closes, and what it held goes on. */
    private static boolean giveBack(Handle tx, Look look) {
        int rows = tx
                .createUpdate(
                        """
                                UPDATE account SET look_owner = NULL, look_until = '-infinity', breaker = CASE WHEN breaker = 'PAUSED' THEN breaker ELSE 'CLOSED' END,
                                       breaker_reason = CASE WHEN breaker = 'PAUSED' THEN breaker_reason END, look_failures = 0, updated_at = now()
                                 WHERE account = :account AND look_epoch = :epoch AND look_owner IS NOT NULL""")
                .bind("account", look.account()).bind("epoch", look.epoch()).execute();
        if (rows == 1) {
            tx.createUpdate(
                    """
                            UPDATE renewal SET state = held_from, held_from = NULL, hold = NULL, reason_code = NULL, epoch = epoch + 1, next_at = now(), updated_at = now()
                             WHERE ended_at IS NULL AND account = :account AND lane = 'held' AND hold = 'ACCOUNT'
                               AND (SELECT breaker FROM account WHERE account = :account) = 'CLOSED'""")
                    .bind("account", look.account()).execute();
        }
        return rows == 1;
    }

    private static int confirm(Handle tx, Look look, Collection<Listed> listed) {
        var confirmed = withListed(tx
                .createQuery(
                        """
                                WITH seen AS (SELECT * FROM unnest(:ids, :names, :statuses) AS t(scm_id, name, status)),
                                confirmed AS (
                                  UPDATE renewal r
                                     SET state = 'PUSHING', confirmed_at = now(), epoch = epoch + 1, attempts = 0, looks = 0, waiting_since = NULL, updated_at = now(),
                                         next_at = CASE WHEN r.imported = false AND r.looks = 0 THEN greatest(now(), r.next_at) ELSE now() END
                                    FROM seen s
                                   WHERE r.ended_at IS NULL AND r.account = :account AND r.lane = 'look' AND r.state = 'CONFIRMING' AND r.stop IS NULL AND r.lease_owner IS NULL
                                     AND s.scm_id = r.scm_certificate_id AND s.name = r.scm_name AND s.status IN ('UPLOAD', 'ISSUED')
                                  RETURNING r.id
                                ), wiped AS (
                                  DELETE FROM renewal_key k USING confirmed c WHERE k.renewal = c.id
                                )
                                SELECT id FROM confirmed""")
                .bind("account", look.account()), listed).mapTo(UUID.class).list();
        return confirmed.size();
    }

    /** Not leased: whoever ends them does so under their epoch. */
    private static List<Lease> notPushable(Handle tx, String account, Collection<Listed> listed) {
        return withListed(tx.createQuery(
                """
                        WITH seen AS (SELECT * FROM unnest(:ids, :names, :statuses) AS t(scm_id, name, status))
                        SELECT r.id, r.epoch, r.subject_key, r.account, r.certificate_name, r.attempts, r.traceparent FROM renewal r JOIN seen s
                            ON s.scm_id = r.scm_certificate_id AND s.name = r.scm_name AND s.status IN ('EXPIRED', 'REVOKED', 'REVOKING', 'UNPASSED')
                         WHERE r.ended_at IS NULL AND r.account = :account AND r.lane = 'look' AND r.state = 'CONFIRMING' AND r.lease_owner IS NULL""")
                .bind("account", account), listed).map((rs, ctx) -> Claims.lease(rs, System.nanoTime())).list();
    }

    /**
     * The list call failed: nothing counts as missed.
     *
     * @param pause null for a passing fault: the look pauses 2 s, 4 s, .. 60 s
     */
    void failed(Look look, CallResult call, Duration pause) {
        jdbi.useTransaction(tx -> {
            pause(tx, look, pause);
            lessons.learn(tx, look.account(), List.of(call));
            lessons.complete(tx, look.account(), List.of(call));
        });
    }

    private static void pause(Handle tx, Look look, Duration pause) {
        tx.createUpdate(
                """
                        UPDATE account
                           SET look_owner = 'pause', look_failures = look_failures + 1, updated_at = now(),
                               look_until = now() + make_interval(secs => coalesce(:pause, least(60, 2 * power(2, least(look_failures, 5)))))
                         WHERE account = :account AND look_epoch = :epoch AND look_owner IS NOT NULL""")
                .bind("account", look.account()).bind("epoch", look.epoch())
                .bind("pause", pause == null ? null : (Double) Claims.seconds(pause)).execute();
    }
}

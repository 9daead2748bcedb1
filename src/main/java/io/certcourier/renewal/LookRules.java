package io.certcourier.renewal;

import java.util.List;
import java.util.UUID;

import org.jdbi.v3.core.Handle;

import io.certcourier.renewal.Look.Question;
import io.certcourier.renewal.Look.Shown;
import io.certcourier.renewal.Look.Verdict;
import io.certcourier.scm.RecentCertificates;

/** What a look means for renewals that the list alone does not confirm; statements of L2, in its transaction. */
final class LookRules {

    private LookRules() {
    }

    static int resolved(Handle tx, Question question) {
        int rows = tx
                .createUpdate(
                        """
                                UPDATE renewal
                                   SET state = 'PUSHING', scm_certificate_id = :scmId, imported = coalesce(imported, unknowns > 0 AND reason_code IS DISTINCT FROM 'ALREADY_EXISTS'),
                                       confirmed_at = now(), epoch = epoch + 1, attempts = 0, looks = 0, waiting_since = NULL, reason_code = NULL, failure = NULL,
                                       next_at = CASE WHEN imported = false AND looks = 0 THEN greatest(now(), next_at) ELSE now() END, updated_at = now()
                                 WHERE id = :id AND epoch = :epoch AND state IN ('RESOLVING', 'CONFIRMING')""")
                .bind("id", question.renewal()).bind("epoch", question.epoch()).bind("scmId", question.scmId()).execute();
        if (rows == 1) {
            tx.execute("DELETE FROM renewal_key WHERE renewal = ?", question.renewal());
        }
        return rows;
    }

    /** SCM does not know the id it once gave us: forget it, and look by name. */
    static void vanished(Handle tx, Question question) {
        tx.createUpdate(
                """
                        UPDATE renewal
                           SET state = 'RESOLVING', scm_certificate_id = NULL, reason_code = 'CERTIFICATE_VANISHED', epoch = epoch + 1, looks = 0,
                               waiting_since = now(), next_at = now() + interval '5 s', updated_at = now()
                         WHERE id = :id AND epoch = :epoch AND state = 'CONFIRMING' AND looks >= 4 AND waiting_since <= now() - interval '60 s'""")
                .bind("id", question.renewal()).bind("epoch", question.epoch()).execute();
    }

    /** It is ours, and cannot be pushed (yet): no reason to import again; the looks that follow watch its status. */
    static void adopted(Handle tx, Question question) {
        tx.createUpdate(
                """
                        UPDATE renewal
                           SET state = 'CONFIRMING', scm_certificate_id = :scmId, imported = coalesce(imported, unknowns > 0), epoch = epoch + 1, looks = 0,
                               waiting_since = now(), reason_code = NULL, next_at = now() + interval '5 s', updated_at = now()
                         WHERE id = :id AND epoch = :epoch AND state = 'RESOLVING'""")
                .bind("id", question.renewal()).bind("epoch", question.epoch()).bind("scmId", question.scmId()).execute();
    }

    /**
     * Rows that were due when the look began and that it did not show. A stale list is normal: look again after 5 s, 15 s, 40
     * s, 2 min, 10 min. A RESOLVING row whose question stayed open was not missed: it only waits. Nor was one, if the list was
     * not read to its end, unless it was read beyond the row's import: what is listed last changed before all others, so it is
     * enough that it is ours and that our last call for it was over before that import began.
     *
     * @return the rows that were missed
     */
    static List<UUID> missed(Handle tx, Look look, List<Shown> shown, RecentCertificates.Answer answer) {
        var open = shown.stream().filter(s -> s.verdict() == Verdict.OPEN).map(s -> s.question().renewal()).toList();
        tx.createUpdate(
                """
                        UPDATE renewal r SET next_at = now() + interval '15 s', updated_at = now()
                         WHERE r.ended_at IS NULL AND r.account = :account AND r.lane = 'look' AND r.next_at <= :lookedAt AND r.lease_owner IS NULL
                           AND (r.id = ANY (:open) OR NOT :complete AND r.state = 'RESOLVING' AND NOT EXISTS (
                                 SELECT 1 FROM renewal o WHERE o.account = :account AND o.scm_certificate_id = ANY (:oldest)
                                    AND (SELECT max(coalesce(a.ended_at, now())) FROM attempt a WHERE a.renewal = o.id)
                                        < (SELECT min(a.started_at) FROM attempt a JOIN renewal s ON s.id = a.renewal
                                            WHERE s.account = r.account AND s.leaf_sha256 = r.leaf_sha256 AND a.operation = 'import')))""")
                .bind("account", look.account()).bind("lookedAt", look.lookedAt()).bind("complete", answer.complete())
                .bindArray("oldest", String.class, answer.oldest()).bindArray("open", UUID.class, open).execute();
        return tx
                .createQuery(
                        """
                                UPDATE renewal r
                                   SET looks = looks + 1, updated_at = now(),
                                       next_at = now() + (ARRAY['5 s', '15 s', '40 s', '2 min', '10 min']::interval[])[least(looks + 1, 5)]
                                 WHERE r.ended_at IS NULL AND r.account = :account AND r.lane = 'look' AND r.next_at <= :lookedAt AND r.lease_owner IS NULL
                                RETURNING r.id""")
                .bind("account", look.account()).bind("lookedAt", look.lookedAt()).mapTo(UUID.class).list();
    }

    /**
     * Not there after three looks over a minute, and the old owner's lease and call were over for certain before this look
     * began: import again. Where the account changes so fast that the list can no longer be read back to the import, one look
     * that could, and ten minutes, must do: the call forbids SCM to store a second one.
     *
     * @param missed by this very look
     */
    static void importAgain(Handle tx, Look look, List<UUID> missed, double callDeadlineSeconds) {
        tx.createUpdate(
                """
                        UPDATE renewal
                           SET state = 'READY', epoch = epoch + 1, looks = 0, waiting_since = NULL, next_at = now(), updated_at = now()
                         WHERE ended_at IS NULL AND account = :account AND lane = 'look' AND state = 'RESOLVING' AND lease_owner IS NULL
                           AND (id = ANY (:missed) AND looks >= 3 AND waiting_since <= :lookedAt - interval '60 s'
                                OR looks >= 1 AND waiting_since <= :lookedAt - interval '10 min')
                           AND lease_until <= :lookedAt - make_interval(secs => :deadline) AND unknowns <= 3 AND reason_code IS DISTINCT FROM 'ALREADY_EXISTS'""")
                .bind("account", look.account()).bindArray("missed", UUID.class, missed).bind("lookedAt", look.lookedAt())
                .bind("deadline", callDeadlineSeconds).execute();
    }

    /** Five looks, or ten minutes without a full list, told nothing that a rule covers: a person decides. */
    static void holdUnclear(Handle tx, Look look, List<UUID> missed) {
        tx.createUpdate(
                """
                        UPDATE renewal
                           SET held_from = state, state = 'HELD', hold = 'UNCLEAR', reason_code = CASE state WHEN 'CONFIRMING' THEN 'NOT_LISTED' ELSE reason_code END,
                               next_at = 'infinity', epoch = epoch + 1, updated_at = now()
                         WHERE ended_at IS NULL AND account = :account AND lane = 'look' AND lease_owner IS NULL
                           AND (id = ANY (:missed) AND looks >= 5 AND (state = 'CONFIRMING' OR reason_code = 'ALREADY_EXISTS' OR unknowns > 3)
                                OR state = 'RESOLVING' AND looks = 0 AND waiting_since < now() - interval '10 min')""")
                .bind("account", look.account()).bindArray("missed", UUID.class, missed).execute();
    }
}

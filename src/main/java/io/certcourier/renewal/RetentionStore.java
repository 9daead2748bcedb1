package io.certcourier.renewal;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Jdbi;

/** Statements of the housekeeping. All of them may run on every replica at once: rows that another one has are skipped. */
@ApplicationScoped
class RetentionStore {

    private static final int BATCH = 200;

    private final Jdbi jdbi;
    private final double retentionSeconds;

    RetentionStore(Jdbi jdbi, RenewalConfig config) {
        this.jdbi = jdbi;
        this.retentionSeconds = Claims.seconds(config.retention());
    }

    /**
     * Deletes one batch of renewals that ended long ago, with their targets and calls. The newest one that reached a target of
     * its subject stays: it is the memory that keeps an older certificate away, and behind UNCHANGED.
     *
     * @return true if there may be more
     */
    boolean purgeRenewals() {
        return BATCH == jdbi.inTransaction(tx -> tx
                .createUpdate(
                        """
                                DELETE FROM renewal
                                 WHERE id IN (SELECT r.id FROM renewal r JOIN subject s USING (subject_key)
                                               WHERE r.ended_at < now() - make_interval(secs => :retention) AND r.id IS DISTINCT FROM s.delivered_id
                                               ORDER BY r.ended_at LIMIT :batch FOR UPDATE OF r SKIP LOCKED)""")
                .bind("retention", retentionSeconds).bind("batch", BATCH).execute());
    }

    /**
     * Deletes one batch of old list calls, which belong to no renewal.
     *
     * @return true if there may be more
     */
    boolean purgeListCalls() {
        return BATCH == jdbi.inTransaction(tx -> tx
                .createUpdate(
                        """
                                DELETE FROM attempt
                                 WHERE id IN (SELECT id FROM attempt WHERE renewal IS NULL AND started_at < now() - make_interval(secs => :retention)
                                               ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED)""")
                .bind("retention", retentionSeconds).bind("batch", BATCH).execute());
    }

    /** A renewal whose deadline comes near is served before the others. */
    int promoteUrgent() {
        return jdbi.inTransaction(tx -> tx.createUpdate(
                """
                        UPDATE renewal SET priority = 0, updated_at = now()
                         WHERE id IN (SELECT id FROM renewal WHERE ended_at IS NULL AND deadline_at < now() + interval '24 hours' AND priority > 0
                                         AND (lease_owner IS NULL OR lease_until <= now()) ORDER BY deadline_at LIMIT 500 FOR UPDATE SKIP LOCKED)""")
                .execute());
    }
}

package io.certcourier.renewal;

import java.time.Instant;
import java.util.UUID;

import org.jdbi.v3.core.Handle;

/** HELD because a person asked for it. The caller has the row locked, and its owner gone. */
final class OperatorHold {

    private OperatorHold() {
    }

    /** From wherever the renewal stands. An import whose owner is gone may have happened. */
    static int put(Handle tx, UUID id) {
        return tx.execute(
                """
                        UPDATE renewal
                           SET held_from = CASE state WHEN 'HELD' THEN held_from WHEN 'IMPORTING' THEN 'RESOLVING' ELSE state END,
                               unknowns = unknowns + CASE state WHEN 'IMPORTING' THEN 1 ELSE 0 END,
                               reason_code = CASE state WHEN 'IMPORTING' THEN 'IMPORT_OUTCOME_UNKNOWN' ELSE reason_code END,
                               state = 'HELD', hold = 'OPERATOR', stop = NULL, lease_owner = NULL, next_at = 'infinity', epoch = epoch + 1, updated_at = now()
                         WHERE id = ? AND ended_at IS NULL""",
                id);
    }

    /**
     * Back to where it was held, with all its tries; not before a lost owner's lease has run out.
     *
     * @param quietUntil until when a predecessor's lost call may still act; null if none may
     */
    static int release(Handle tx, UUID id, Instant quietUntil) {
        return tx.createUpdate("""
                UPDATE renewal
                   SET state = held_from, held_from = NULL, hold = NULL, looks = 0, attempts = 0,
                       reason_code = CASE held_from WHEN 'RESOLVING' THEN coalesce(reason_code, 'IMPORT_OUTCOME_UNKNOWN') END,
                       waiting_since = CASE WHEN held_from IN ('RESOLVING', 'CONFIRMING') THEN now() END,
                       next_at = greatest(now(), lease_until, :quietUntil::timestamptz), epoch = epoch + 1, updated_at = now()
                 WHERE id = :id AND state = 'HELD'""").bind("id", id).bind("quietUntil", (Object) quietUntil).execute();
    }
}

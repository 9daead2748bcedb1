package io.certcourier.renewal;

import org.jdbi.v3.core.Handle;

/** Who did what, and why; written in the transaction of the deed. The service's own role can only add and read. */
final class Audit {

    private Audit() {
    }

    static void record(Handle tx, OperatorAction action, String name, String account, String before, String after) {
        tx.execute("""
                INSERT INTO audit (actor, action, renewal, account, why, detail)
                VALUES (?, ?, ?, ?, ?, jsonb_build_object('before', ?::text, 'after', ?::text))""", action.actor(), name,
                action.renewal(), account, action.why(), before, after);
    }

    /** @param eventId of the outcome that is sent again; its renewal, if it has one, is the action's */
    static void recordSend(Handle tx, OperatorAction action, String eventId) {
        tx.execute("""
                INSERT INTO audit (actor, action, renewal, why, detail)
                VALUES (?, 'send', ?, ?, jsonb_build_object('before', 'PARKED', 'after', 'PENDING', 'eventId', ?::text))""",
                action.actor(), action.renewal(), action.why(), eventId);
    }
}

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
}

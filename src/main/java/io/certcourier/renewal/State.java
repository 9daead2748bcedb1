package io.certcourier.renewal;

/**
 * Where a renewal is. The stored state alone decides what happens next, so any step may run twice and a restart needs no
 * special path.
 *
 * <pre>
 * event --> READY --> IMPORTING --> CONFIRMING --> PUSHING --> SUCCEEDED | PARTIAL | FAILED
 *   |         ^           |              ^  |         ^
 *   |         |           '-> RESOLVING -'--|---------'     nobody knows whether the import happened
 *   |         '--- import again --' ^------'                it was there and vanished
 *   |-> CONFIRMING                                          SCM has this leaf already
 *   |-> QUEUED --> READY | CONFIRMING | UNCHANGED           when the subject's current renewal has ended
 *   '-> UNCHANGED | SUPERSEDED | REJECTED | EXPIRED
 * any open state --> HELD --> back (IMPORTING comes back as RESOLVING or READY)
 * any open state --> EXPIRED | SUPERSEDED | CANCELLED       only between two calls
 * </pre>
 *
 * PUSHING is the barrier: only a certificate that a list or show call has shown gets there, and from there on no key is kept.
 */
enum State {
    /** Waits for its import. */
    READY,
    /** Claimed for its import: the intent is stored, the outcome is not. Found by a claim it means "unknown". */
    IMPORTING,
    /** The import's answer was lost, or SCM spoke of a duplicate: a look by name decides. */
    RESOLVING,
    /** Imported; waits for the shared look to show it. */
    CONFIRMING,
    /** Confirmed; some targets are not final yet. */
    PUSHING,
    /** Waits for the subject's current renewal to end. */
    QUEUED,
    /** Stopped until a person or a recovered account releases it. */
    HELD,
    SUCCEEDED,
    UNCHANGED,
    PARTIAL,
    FAILED,
    REJECTED,
    SUPERSEDED,
    EXPIRED,
    CANCELLED;

    /** True if nothing will happen any more in this round. */
    boolean terminal() {
        return ordinal() > HELD.ordinal();
    }

    /** True for the outcomes that go to cert-delivered. */
    boolean delivered() {
        return this == SUCCEEDED || this == UNCHANGED;
    }
}

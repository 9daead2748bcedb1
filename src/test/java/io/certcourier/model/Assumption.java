package io.certcourier.model;

/** What the world outside may do. */
enum Assumption {
    /** SCM may act on a call that its client has given up, for at most another call deadline. */
    SCM_MAY_ACT_LATE,
    /** Whether SCM has acted is settled when its client gives up. */
    SCM_STOPS_WITH_ITS_CLIENT,
    /** A process may pause between lease check and socket write for longer than its lease: the hole that is documented. */
    PROCESS_MAY_PAUSE_BEFORE_WRITE
}

package io.certcourier.renewal;

/** Where one target of a renewal is. */
enum TargetState {
    /** Not tried yet. */
    WAITING,
    /** A push was sent and its outcome is not known (yet). */
    SENT,
    /** Tried without effect; will be tried again. */
    RETRY,
    /** Our push put the certificate there. */
    PUSHED,
    /** The certificate was there already. */
    PRESENT,
    /** Will not be tried again in this round. */
    FAILED,
    /** The renewal ended before it was tried. */
    SKIPPED;

    boolean reached() {
        return this == PUSHED || this == PRESENT;
    }

    boolean terminal() {
        return reached() || this == FAILED || this == SKIPPED;
    }
}

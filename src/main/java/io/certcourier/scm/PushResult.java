package io.certcourier.scm;

/** What became of one target of an answered push call. */
public sealed interface PushResult {

    /** @param targetCertificateId id of the copy in the target service; null if the call does not tell it (single push) */
    record Pushed(String targetCertificateId) implements PushResult {
    }

    /** The target has this certificate already; nothing was done. */
    record Present() implements PushResult {
    }

    /** The target did not take it; the cause's consequence is GIVE_UP, HOLD_SERVICE, REPEAT or LOOK_FIRST. */
    record Refused(ScmFailure cause) implements PushResult {
    }
}

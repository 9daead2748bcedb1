package io.certcourier.renewal;

/** An operator's action that the renewal's state does not allow; nothing has changed. The message is a sentence for people. */
public final class ActionRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What programs decide by. */
    public enum Reason {
        /** There is no renewal of this id. */
        NOT_FOUND,
        /** It has changed since the caller looked. */
        STALE,
        /** It has ended, or is about to. */
        ENDED,
        /** It is in no state that the action is for. */
        NOT_APPLICABLE,
        /** It waits for another renewal of its certificate name. */
        QUEUED,
        /** Only a new event can help: the certificate is not in SCM, or has expired. */
        EVENT_NEEDED,
        /** A newer renewal of the certificate name was accepted; this one must not overwrite it. */
        NEWER_RENEWAL,
        /** SCM shows another certificate, or none, under the id. */
        NOT_THIS_CERTIFICATE,
        /** SCM would have to be asked, and the account is not called now. */
        ACCOUNT_NOT_CALLED
    }

    private final Reason reason;

    ActionRefused(Reason reason, String sentence) {
        super(sentence);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}

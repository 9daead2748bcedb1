package io.certcourier.certmanager;

/** What a look at a Secret came to. */
public enum Finding {
    /** Its certificate became a renewal. */
    PUBLISHED,
    /** Its certificate was a renewal before. */
    KNOWN,
    /** Intake refused its certificate; the refusal or the renewal tells why. */
    REFUSED,
    /** Secret and Certificate do not agree yet. */
    WAITING,
    /** It holds what cert-manager serves until the first issuance. */
    TEMPORARY,
    /** It is labelled, but not a Secret of cert-manager, or holds no certificate. */
    UNUSABLE,
    /** The database or the API server did not answer; it is looked at again. */
    FAILED
}

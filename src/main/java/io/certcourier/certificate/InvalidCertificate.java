package io.certcourier.certificate;

/** Why a bundle cannot be used. No call was made for it, and trying again with the same bytes changes nothing. */
public final class InvalidCertificate extends RuntimeException {

    /** Names of the reason codes of phase VALIDATE, see docs/errors.md. */
    public enum Reason {
        CERT_UNPARSABLE,
        CHAIN_INCOMPLETE,
        CHAIN_BROKEN,
        CERT_EXPIRED,
        CERT_NOT_YET_VALID,
        CERT_TOO_LARGE,
        FINGERPRINT_MISMATCH,
        NO_DNS_NAME,
        KEY_UNPARSABLE,
        KEY_MISMATCH,
        KEY_TYPE_UNSUPPORTED
    }

    private final Reason reason;

    /** @param detail one sentence of our own, 1 to 512 characters, never text of the input */
    public InvalidCertificate(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}

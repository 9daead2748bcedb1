package io.certcourier.outcome;

import static io.certcourier.outcome.ReasonCode.Phase.CONFIRM;
import static io.certcourier.outcome.ReasonCode.Phase.DECRYPT;
import static io.certcourier.outcome.ReasonCode.Phase.IMPORT;
import static io.certcourier.outcome.ReasonCode.Phase.INTAKE;
import static io.certcourier.outcome.ReasonCode.Phase.INTERNAL;
import static io.certcourier.outcome.ReasonCode.Phase.PUSH;
import static io.certcourier.outcome.ReasonCode.Phase.RESOLVE;
import static io.certcourier.outcome.ReasonCode.Phase.SCHEDULE;
import static io.certcourier.outcome.ReasonCode.Phase.VALIDATE;
import static io.certcourier.outcome.ReasonCode.Remedy.CONTACT_CLOUD;
import static io.certcourier.outcome.ReasonCode.Remedy.FIX_CERTIFICATE;
import static io.certcourier.outcome.ReasonCode.Remedy.FIX_CLOCK;
import static io.certcourier.outcome.ReasonCode.Remedy.FIX_CONFIGURATION;
import static io.certcourier.outcome.ReasonCode.Remedy.FIX_CREDENTIALS;
import static io.certcourier.outcome.ReasonCode.Remedy.FIX_EVENT;
import static io.certcourier.outcome.ReasonCode.Remedy.FIX_PERMISSION;
import static io.certcourier.outcome.ReasonCode.Remedy.FIX_QUOTA;
import static io.certcourier.outcome.ReasonCode.Remedy.FIX_TARGET;
import static io.certcourier.outcome.ReasonCode.Remedy.NONE;
import static io.certcourier.outcome.ReasonCode.Remedy.OPERATOR_DECISION;
import static io.certcourier.outcome.ReasonCode.Remedy.REPORT_BUG;
import static io.certcourier.outcome.ReasonCode.Remedy.RETRY_LATER;

/**
 * Every reason why a renewal ends other than delivered, or waits. An open list on the wire: consumers treat an unknown code by
 * phase and retryable.
 */
public enum ReasonCode {
    TOMBSTONE(INTAKE, false, FIX_EVENT, "The record has no value."),
    PAYLOAD_TOO_LARGE(INTAKE, false, FIX_EVENT, "The record is larger than certcourier.intake.max-event-bytes."),
    MALFORMED_JSON(INTAKE, false, FIX_EVENT, "The value is not strict JSON in UTF-8."),
    ENVELOPE_INVALID(INTAKE, false, FIX_EVENT, "The CloudEvents attributes are missing, repeated or malformed."),
    UNSUPPORTED_TYPE(INTAKE, false, FIX_EVENT, "The event has another type or major version."),
    SCHEMA_VIOLATION(INTAKE, false, FIX_EVENT, "The data does not follow schemas/cert-renewed.schema.json."),
    IDEMPOTENCY_CONFLICT(INTAKE, false, FIX_EVENT, "The identity is known with other content."),
    PLAINTEXT_KEY_REFUSED(INTAKE, false, FIX_EVENT,
            "The private key came in clear, which certcourier.intake.allow-plaintext-keys does not allow."),
    ACCOUNT_UNKNOWN(INTAKE, true, FIX_CONFIGURATION, "No account of that name is configured."),
    NO_TARGET(INTAKE, true, FIX_CONFIGURATION, "Neither the event nor a route names a target."),
    TARGET_NOT_ALLOWED(INTAKE, true, FIX_CONFIGURATION, "A target is not on the account's allow list."),

    KEY_ENCRYPTION_UNSUPPORTED(DECRYPT, false, FIX_EVENT,
            "The key's JWE uses another alg or enc than ECDH-ES+A256KW and A256GCM."),
    KEY_DECRYPT_FAILED(DECRYPT, false, FIX_EVENT, "The key's JWE does not open."),
    KEY_ENCRYPTION_UNKNOWN_KID(DECRYPT, true, FIX_CONFIGURATION, "The recipient key named by the JWE is not loaded."),

    CERT_UNPARSABLE(VALIDATE, false, FIX_CERTIFICATE, "A certificate cannot be parsed."),
    CHAIN_INCOMPLETE(VALIDATE, false, FIX_CERTIFICATE, "The leaf's issuer is missing; SCM takes no leaf alone."),
    CHAIN_BROKEN(VALIDATE, false, FIX_CERTIFICATE, "A certificate of the chain does not link to the leaf."),
    CERT_EXPIRED(VALIDATE, false, FIX_CERTIFICATE, "The leaf has expired."),
    CERT_NOT_YET_VALID(VALIDATE, true, RETRY_LATER, "The leaf becomes valid more than 5 minutes from now."),
    CERT_TOO_LARGE(VALIDATE, false, FIX_CERTIFICATE,
            "Leaf, chain or key is longer than SCM takes (4096, 8192, 4096 characters)."),
    FINGERPRINT_MISMATCH(VALIDATE, false, FIX_CERTIFICATE, "The fingerprint named in the event is not the leaf's."),
    NO_DNS_NAME(VALIDATE, false, FIX_CERTIFICATE, "The leaf names no DNS name or IP address, or its common name is none."),
    KEY_UNPARSABLE(VALIDATE, false, FIX_CERTIFICATE, "The private key cannot be parsed."),
    KEY_MISMATCH(VALIDATE, false, FIX_CERTIFICATE, "The private key does not belong to the leaf."),
    KEY_TYPE_UNSUPPORTED(VALIDATE, false, FIX_CERTIFICATE, "Key types are RSA 2048 to 4096, EC P-256 and P-384."),

    SCM_REJECTED_CERTIFICATE(IMPORT, false, FIX_CERTIFICATE, "SCM refused the certificate after our own checks passed it."),
    SCM_REJECTED_KEY(IMPORT, false, FIX_CERTIFICATE, "SCM refused the private key after our own checks passed it."),
    SCM_REJECTED_NAME(IMPORT, false, REPORT_BUG, "SCM refused the name we gave the certificate."),
    SCM_QUOTA(IMPORT, true, FIX_QUOTA, "The account takes no further certificate."),
    SEAL_KEY_MISSING(IMPORT, true, FIX_CONFIGURATION,
            "The keyset lacks the key that sealed the private key; the renewal goes on when the keyset has it again."),

    IMPORT_OUTCOME_UNKNOWN(RESOLVE, true, OPERATOR_DECISION,
            "The answer to the import was lost, and no list shows the certificate."),
    ALREADY_EXISTS(RESOLVE, true, OPERATOR_DECISION, "SCM says the certificate exists, and no list shows it."),
    NOT_LISTED(CONFIRM, true, OPERATOR_DECISION, "The list does not show the imported certificate."),
    NOT_PUSHABLE(CONFIRM, true, OPERATOR_DECISION, "SCM shows the certificate in a status that cannot be pushed."),
    CERTIFICATE_VANISHED(CONFIRM, true, OPERATOR_DECISION, "The certificate was in SCM and is gone."),

    TARGET_REJECTED(PUSH, false, FIX_TARGET, "The target service refused the certificate."),
    PROJECT_UNKNOWN(PUSH, true, FIX_CONFIGURATION, "The target's project is not known to the cloud."),
    TARGET_PERMISSION(PUSH, true, FIX_PERMISSION, "The account lacks a right or delegation for the target service."),
    TARGET_FAILED(PUSH, true, RETRY_LATER, "The push to the target failed on the cloud's side."),

    PROVIDER_AUTH(null, true, FIX_CREDENTIALS, "The cloud refused the account's credentials or rights."),
    PROVIDER_ENDPOINT(null, true, FIX_CONFIGURATION,
            "The endpoint is not SCM, redirects, or its TLS certificate is not trusted."),
    CLOCK_SKEW(null, true, FIX_CLOCK, "The cloud refused the time of the signature."),
    PROVIDER_THROTTLED(null, true, RETRY_LATER, "The cloud's call limit was reached."),
    PROVIDER_UNAVAILABLE(null, true, RETRY_LATER, "The cloud gave no usable answer."),
    PROVIDER_REFUSED(null, false, REPORT_BUG, "The cloud called our request wrong."),
    PROVIDER_UNMAPPED(null, false, CONTACT_CLOUD, "The cloud answered with a code that nobody listed."),

    DEADLINE_EXCEEDED(SCHEDULE, true, RETRY_LATER, "The renewal's deadline passed."),
    EVENT_EXPIRED(SCHEDULE, true, RETRY_LATER, "The event's expirytime, or the certificate itself, had run out."),
    SUPERSEDED(SCHEDULE, false, NONE, "A newer renewal of the same certificate took over."),
    CANCELLED_BY_OPERATOR(SCHEDULE, true, NONE, "An operator ended the renewal."),
    BUG(INTERNAL, true, REPORT_BUG, "certcourier failed inside.");

    /** Where on its way a renewal met the reason. */
    public enum Phase {
        INTAKE,
        DECRYPT,
        VALIDATE,
        IMPORT,
        RESOLVE,
        CONFIRM,
        PUSH,
        SCHEDULE,
        INTERNAL
    }

    /** What has to be done, and by whom. */
    public enum Remedy {
        FIX_EVENT("The producer corrects the event and sends it anew."),
        FIX_CONFIGURATION("Correct certcourier's configuration (accounts, routes, targets, recipient keys), then retry."),
        FIX_CERTIFICATE("Have the certificate issued or exported anew, and send a new event."),
        FIX_TARGET("Look at the target service: it refuses this certificate."),
        FIX_PERMISSION("Give the account the right or delegation for the target service, then retry."),
        FIX_CREDENTIALS("Give certcourier valid credentials of the account; its renewals go on by themselves."),
        FIX_QUOTA("Remove unused certificates from SCM or raise the quota, then retry."),
        FIX_CLOCK("Set the clock of the host right; renewals go on by themselves."),
        RETRY_LATER("Retry when the cause has passed."),
        OPERATOR_DECISION("A person looks into SCM and decides: name the certificate's id, retry or cancel."),
        CONTACT_CLOUD("Ask Huawei Cloud, with the request id."),
        REPORT_BUG("Report a defect of certcourier, with the renewal's id and the request id."),
        NONE("Nothing.");

        private final String whatToDo;

        Remedy(String whatToDo) {
            this.whatToDo = whatToDo;
        }

        /** One sentence for people. */
        public String whatToDo() {
            return whatToDo;
        }
    }

    private final Phase phase;
    private final boolean retryable;
    private final Remedy remedy;
    private final String meaning;

    ReasonCode(Phase phase, boolean retryable, Remedy remedy, String meaning) {
        this.phase = phase;
        this.retryable = retryable;
        this.remedy = remedy;
        this.meaning = meaning;
    }

    /** The phase of the code, or {@code during} for codes that any call can meet. */
    public Phase phase(Phase during) {
        return phase == null ? during : phase;
    }

    /** True: the same event can succeed once the remedy is done. False: only another event can. */
    public boolean retryable() {
        return retryable;
    }

    public Remedy remedy() {
        return remedy;
    }

    /** One sentence, at most 512 characters, without any input text. */
    public String meaning() {
        return meaning;
    }

    /** Anchor in the error catalogue: {@code docs/errors.md#target-permission}. */
    public String help() {
        return "docs/errors.md#" + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}

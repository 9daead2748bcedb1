package io.certcourier.renewal;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

import io.certcourier.scm.ShownCertificate;

/**
 * The shared list call of one account, leased by this replica.
 *
 * @param epoch the fence of the account's look
 * @param lookedAt database time just before the call: only rows that were due then can count as missed
 * @param attempt the stored intent
 * @param waiting SCM names of the due renewals
 * @param traceparents of their events, for the span of the look
 */
record Look(String account, long epoch, OffsetDateTime lookedAt, long attempt, List<String> waiting,
        List<String> traceparents) {

    /**
     * A certificate to show before it is known whether it is a renewal's own.
     *
     * @param scmId the id to ask for
     * @param leafSha1 lower-case hex of the renewal's leaf
     */
    record Question(UUID renewal, long epoch, String scmId, String leafSha1) {
    }

    /** What the answer to a question means for the renewal. */
    enum Verdict {
        /** It is this renewal's certificate, and it can be pushed. */
        OURS,
        /** It is this renewal's certificate, in a status that cannot be pushed (yet). */
        OURS_NOT_PUSHABLE,
        /** Another certificate of that name. */
        NOT_OURS,
        /** SCM does not know the id. */
        GONE,
        /** Not asked: no token or no time was left. */
        OPEN
    }

    record Shown(Question question, Verdict verdict) {

        static Shown of(Question question, ShownCertificate certificate) {
            if (!question.leafSha1().equalsIgnoreCase(certificate.fingerprintSha1())) {
                return new Shown(question, Verdict.NOT_OURS);
            }
            return new Shown(question, certificate.pushable() ? Verdict.OURS : Verdict.OURS_NOT_PUSHABLE);
        }
    }
}

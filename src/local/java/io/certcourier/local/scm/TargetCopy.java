package io.certcourier.local.scm;

import java.time.Instant;

/**
 * A certificate in a target service's own store, put there by a push.
 *
 * @param id the target-side id, 32 hex digits; another namespace than SCM's ids
 * @param scmCertificateId what the target says about the origin; may be empty
 */
public record TargetCopy(String id, String certificateId, String name, String fingerprint, String scmCertificateId,
        Instant pushedAt) {
}

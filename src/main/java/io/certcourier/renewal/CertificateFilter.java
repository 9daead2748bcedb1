package io.certcourier.renewal;

import java.time.Instant;

/**
 * Which certificates to list; all conditions together. Null: not asked for.
 *
 * @param certificateName exactly this name
 * @param expiresBefore only those of which it is known that a target loses its certificate before
 * @param limit 1 or more
 * @param after where the page before ended
 */
public record CertificateFilter(String certificateName, String account, Instant expiresBefore, int limit,
        CertificateCursor after) {
}

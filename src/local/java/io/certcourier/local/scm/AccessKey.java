package io.certcourier.local.scm;

import java.time.Duration;
import java.time.Instant;

/** One access key of an account and its run of authentication failures. */
final class AccessKey {

    private static final int FAILURES_ALLOWED = 5;
    private static final Duration LOCK = Duration.ofMinutes(5);

    private final String id;
    private final String secret;
    private final String securityToken;
    private int failuresInARow;
    private Instant lockedUntil = Instant.MIN;
    private final Instant expiresAt;
    private boolean revoked;

    /**
     * @param securityToken null for a permanent key
     * @param expiresAt null for a key that does not expire
     */
    AccessKey(String id, String secret, String securityToken, Instant expiresAt) {
        this.id = id;
        this.secret = secret;
        this.securityToken = securityToken;
        this.expiresAt = expiresAt;
    }

    String id() {
        return id;
    }

    String secret() {
        return secret;
    }

    boolean acceptsToken(String token) {
        return securityToken == null || securityToken.equals(token);
    }

    boolean expiredAt(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /** IAM forgets the key, for good. */
    synchronized void revoke() {
        revoked = true;
    }

    synchronized boolean revoked() {
        return revoked;
    }

    synchronized boolean lockedAt(Instant now) {
        return now.isBefore(lockedUntil);
    }

    synchronized void lock(Instant until) {
        lockedUntil = until;
    }

    synchronized void failed(Instant now, boolean mayLock) {
        failuresInARow++;
        if (mayLock && failuresInARow > FAILURES_ALLOWED) {
            lockedUntil = now.plus(LOCK);
            failuresInARow = 0;
        }
    }

    synchronized void succeeded() {
        failuresInARow = 0;
    }

    synchronized void reset() {
        failuresInARow = 0;
        lockedUntil = Instant.MIN;
    }
}

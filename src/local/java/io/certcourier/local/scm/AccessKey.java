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

    /** @param securityToken null for a permanent key */
    AccessKey(String id, String secret, String securityToken) {
        this.id = id;
        this.secret = secret;
        this.securityToken = securityToken;
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

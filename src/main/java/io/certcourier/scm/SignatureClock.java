package io.certcourier.scm;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The time an account's requests are signed with: our clock, moved by what SCM's clock showed when it last refused a signature
 * for its time. So a host whose clock is wrong costs one refused call, not every call; and since calls pass one by one until
 * one is let in, not as many as there are workers: after five refusals in a row an access key is locked.
 */
final class SignatureClock {

    /** The gateway refuses signatures that are further away from its own clock. */
    static final Duration TOLERANCE = Duration.ofMinutes(15);
    /** Time and the processor's ticks differ by this much after a correction of the host's clock, or its sleep. */
    private static final Duration JUMP = Duration.ofMinutes(5);

    private final InstantSource clock;
    private final ReentrantLock oneByOne = new ReentrantLock();
    private volatile Duration offset = Duration.ZERO;
    /** Our clock less the ticks when a signature was accepted; null before that. */
    private volatile Duration provenAt;
    private volatile int refusals;
    /** Null until an answer told SCM's time. */
    private volatile Duration skew;

    SignatureClock(InstantSource clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant().plus(offset);
    }

    /** An answer told SCM's time. */
    void heard(Instant serverTime) {
        skew = Duration.between(clock.instant(), serverTime);
    }

    /** How far SCM's clock is ahead of ours; empty until an answer told. */
    Optional<Duration> skew() {
        return Optional.ofNullable(skew);
    }

    /** From now on the time is the server's. */
    void follow(Instant serverTime) {
        offset = Duration.between(clock.instant(), serverTime);
    }

    /** A signature of now was let in. */
    void accepted() {
        provenAt = againstTicks();
    }

    /** Signatures are made with another key from now on. */
    void unproven() {
        provenAt = null;
    }

    /** A signature was refused, and not for its time alone. */
    void refused() {
        refusals++; // only by the one whose turn it is, or when it no longer matters
    }

    /**
     * Waits for its turn, if signatures have yet to prove right; {@link #leave} must follow.
     *
     * @return false if there was no turn in time, or another's signature was refused meanwhile: make no call
     */
    boolean enter(Duration most) {
        if (proven()) {
            return true;
        }
        int seen = refusals;
        try {
            if (!oneByOne.tryLock(most.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
            if (proven() || refusals != seen) {
                oneByOne.unlock();
            }
            return proven() || refusals == seen;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void leave() {
        if (oneByOne.isHeldByCurrentThread()) {
            oneByOne.unlock();
        }
    }

    private boolean proven() {
        Duration proof = provenAt;
        return proof != null && againstTicks().minus(proof).abs().compareTo(JUMP) < 0;
    }

    private Duration againstTicks() {
        return Duration.between(Instant.EPOCH, clock.instant()).minusNanos(System.nanoTime());
    }
}

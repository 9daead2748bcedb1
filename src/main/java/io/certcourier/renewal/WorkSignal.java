package io.certcourier.renewal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import jakarta.enterprise.context.ApplicationScoped;

/**
 * Tells the worker's loop that there is something to do, now or in a moment; without a signal it looks at every poll interval.
 */
@ApplicationScoped
class WorkSignal {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean now;
    private long wakeAt = Long.MAX_VALUE;

    void wake() {
        wakeIn(Duration.ZERO);
    }

    void wakeIn(Duration pause) {
        lock.lock();
        try {
            now |= pause.isZero();
            wakeAt = Math.min(wakeAt, System.nanoTime() + pause.toNanos());
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns when woken, when a pause that was announced is over, or after the poll interval (give or take a fifth, so that
     * replicas do not march in step).
     */
    void await(Duration poll) throws InterruptedException {
        long until = System.nanoTime() + (long) (poll.toNanos() * ThreadLocalRandom.current().nextDouble(0.8, 1.2));
        lock.lock();
        try {
            while (!now && Math.min(until, wakeAt) - System.nanoTime() > 0) {
                changed.awaitNanos(Math.min(until, wakeAt) - System.nanoTime());
            }
            now = false;
            if (wakeAt - System.nanoTime() <= 0) {
                wakeAt = Long.MAX_VALUE;
            }
        } finally {
            lock.unlock();
        }
    }
}

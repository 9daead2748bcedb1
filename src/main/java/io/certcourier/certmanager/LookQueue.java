package io.certcourier.certmanager;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Predicate;

/**
 * Which Secrets are to be looked at: one at a time, each once however often it changed meanwhile. A look that failed is
 * repeated, after pauses that double.
 */
final class LookQueue implements AutoCloseable {

    private final Predicate<ResourceName> look;
    private final Duration shortest;
    private final Duration longest;
    private final ScheduledThreadPoolExecutor thread;
    private final Map<ResourceName, Future<?>> waiting = new HashMap<>();
    private final Map<ResourceName, Integer> failures = new HashMap<>();

    /** @param look false: it failed, and is worth repeating; it does not throw */
    LookQueue(Predicate<ResourceName> look, Duration shortest, Duration longest) {
        this.look = look;
        this.shortest = shortest;
        this.longest = longest;
        thread = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "cert-manager-looks"));
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Looks at it as soon as the thread is free, also if a repetition is not due yet. */
    synchronized void add(ResourceName secret) {
        schedule(secret, Duration.ZERO);
    }

    private void schedule(ResourceName secret, Duration pause) {
        if (thread.isShutdown()) {
            return;
        }
        var before = waiting.put(secret, thread.schedule(() -> run(secret), pause.toMillis(), MILLISECONDS));
        if (before != null) {
            before.cancel(false);
        }
    }

    private void run(ResourceName secret) {
        synchronized (this) {
            waiting.remove(secret); // a change from here on is another look
        }
        boolean done = look.test(secret);
        synchronized (this) {
            if (done) {
                failures.remove(secret);
            } else if (!waiting.containsKey(secret)) {
                schedule(secret, pause(failures.merge(secret, 1, Integer::sum)));
            }
        }
    }

    private Duration pause(int failed) {
        var pause = shortest.multipliedBy(1L << Math.min(failed - 1, 20));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    /** Lets the look in hand end; the others are for the next start. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(5, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

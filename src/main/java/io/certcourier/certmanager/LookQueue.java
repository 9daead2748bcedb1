package io.certcourier.certmanager;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Predicate;

import org.jboss.logging.Logger;

/**
 * Which Secrets are to be looked at: one at a time, each once however often it changed meanwhile. A look that failed is
 * repeated, after pauses that double.
 */
final class LookQueue implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LookQueue.class);

    private final Predicate<ResourceName> look;
    private final Duration shortest;
    private final Duration longest;
    private final ScheduledThreadPoolExecutor thread;
    private final Map<ResourceName, Future<?>> waiting = new HashMap<>();
    private final Map<ResourceName, Integer> failures = new HashMap<>();
    /** Null: none, or it was removed meanwhile. */
    private ResourceName inHand;

    /** @param look false, or anything thrown: it failed, and is worth repeating */
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

    /** It is not looked at any more unless it is added again; a look in hand ends, and is not repeated. */
    synchronized void remove(ResourceName secret) {
        failures.remove(secret);
        if (secret.equals(inHand)) {
            inHand = null;
        }
        var last = waiting.remove(secret);
        if (last != null) {
            last.cancel(false);
        }
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
            inHand = secret;
        }
        boolean done = false;
        try {
            done = look.test(secret);
        } catch (Throwable thrown) { // types only: a message may quote the Secret
            LOG.errorf("Secret %s met a bug: %s", secret, ClusterTrouble.namesAndPlace(thrown));
        } finally {
            concluded(secret, done);
        }
    }

    private synchronized void concluded(ResourceName secret, boolean done) {
        if (done) {
            failures.remove(secret);
        } else if (secret.equals(inHand) && !waiting.containsKey(secret)) {
            schedule(secret, pause(failures.merge(secret, 1, Integer::sum)));
        }
        inHand = null;
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
            thread.awaitTermination(5, SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

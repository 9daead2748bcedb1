package io.certcourier.renewal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;

import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.outcome.ReasonCode.Phase;
import io.certcourier.scm.ScmConfig;

/**
 * The threads that advance claimed renewals, one step each; what a step found out is stored before its thread is free. At most
 * {@code concurrency} steps call SCM at once; looks call beside them. There are half as many threads more, so that while some
 * store what they found out, and others wait for a claim of several rows, as many calls are under way as may be.
 * <p>
 * What a claim granted (budget, account, nobody's wish to stop) does not stay true for long. A step that waits its turn for
 * longer than that is given back uncalled, and for a while no more is claimed than can call at once.
 */
@ApplicationScoped
class StepRunner {

    private static final Logger LOG = Logger.getLogger(StepRunner.class);
    private static final Duration SAVE_PAUSE = Duration.ofMillis(500);
    private static final Duration GRANT = Duration.ofMillis(500);
    private static final Duration SLOW = Duration.ofSeconds(30);

    private final RenewalSaga saga;
    private final RenewalStore store;
    private final RetryRule retry;
    private final WorkSignal signal;
    private final int concurrency;
    private final int capacity;
    private final int fewest;
    private final Semaphore calls;
    private final Duration lease;
    private final Duration callDeadline;
    private final Duration lookWindow;
    private final ExecutorService threads;
    private final AtomicInteger claimed = new AtomicInteger();
    private final ConcurrentHashMap<String, AtomicInteger> importing = new ConcurrentHashMap<>();
    private volatile boolean draining;
    private volatile long slowUntil = System.nanoTime();

    StepRunner(RenewalSaga saga, RenewalStore store, RetryRule retry, WorkSignal signal, RenewalConfig config, ScmConfig scm) {
        this.saga = saga;
        this.store = store;
        this.retry = retry;
        this.signal = signal;
        this.concurrency = config.concurrency();
        this.capacity = concurrency + (concurrency + 1) / 2;
        this.fewest = (concurrency + 3) / 4;
        this.calls = new Semaphore(concurrency, true);
        this.lease = config.lease();
        this.callDeadline = scm.callDeadline();
        this.lookWindow = scm.lookWindow();
        this.threads = Executors.newFixedThreadPool(capacity);
    }

    /** How many steps may be claimed now; none while a claim would be for a few only. */
    int free() {
        int free = (System.nanoTime() - slowUntil < 0 ? concurrency : capacity) - claimed.get();
        return free < fewest ? 0 : free;
    }

    void start(Claim claim) {
        start(claim.lease().account(), claim instanceof Claim.Import,
                () -> scoped(StepScope.of(claim), () -> advance(claim)));
    }

    boolean start(Look look) {
        start(look.account(), false, () -> scoped(StepScope.of(look), () -> saga.look(look)));
        return true;
    }

    private void start(String account, boolean isImport, Runnable step) {
        claimed.incrementAndGet();
        var imports = importing.computeIfAbsent(account, a -> new AtomicInteger());
        imports.addAndGet(isImport ? 1 : 0);
        threads.execute(() -> {
            try {
                step.run();
            } catch (JdbiException e) {
                LOG.warnf("step dropped, the lease will run out: account=%s %s", account, DatabaseTrouble.sentence(e));
            } catch (RuntimeException e) {
                LOG.errorf(e, "step failed: account=%s", account);
            } finally {
                imports.addAndGet(isImport ? -1 : 0);
                claimed.decrementAndGet();
                signal.wake();
            }
        });
    }

    private void advance(Claim claim) {
        if (claim instanceof Claim.Ending) {
            store.end(claim.lease());
        } else {
            save(claim, step(claim));
        }
    }

    private static void scoped(StepScope scope, Runnable step) {
        try (scope) {
            step.run();
        } catch (RuntimeException failure) {
            scope.failed(failure);
            throw failure;
        }
    }

    private Step step(Claim claim) {
        if (!mayCallNow()) {
            return notCalled(claim);
        }
        try {
            if (draining || !store.leaseLasts(claim.lease(), callDeadline)) {
                return notCalled(claim);
            }
            return claim instanceof Claim.Import c ? saga.importCertificate(c, importing.get(c.lease().account()).get() > 1)
                    : saga.push((Claim.Push) claim);
        } catch (KeySafe.SealKeyMissing e) {
            LOG.warnf("held: %s", e.getMessage());
            return Step.of(CallResult.notSent(((Claim.Import) claim).attempt()), RetryRule.afterMissingSealKey());
        } catch (KeySafe.SealBroken e) {
            LOG.errorf("held: %s", e.getMessage());
            return Step.of(CallResult.notSent(((Claim.Import) claim).attempt()), RetryRule.afterBrokenSeal());
        } catch (JdbiException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.errorf(e, "step failed, will be tried again: renewalId=%s", claim.lease().id());
            return bug(claim);
        } finally {
            calls.release();
        }
    }

    private boolean mayCallNow() {
        try {
            if (calls.tryAcquire(GRANT.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
            slowUntil = System.nanoTime() + SLOW.toNanos();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static Step notCalled(Claim claim) {
        if (claim instanceof Claim.Import c) {
            return Step.of(CallResult.notSent(c.attempt()), new Next.Later(State.READY, Duration.ZERO, false, null));
        }
        var push = (Claim.Push) claim;
        return new Step(push.calls().stream().map(intent -> CallResult.notSent(intent.attempt())).toList(),
                push.targetsAsBeforeTheCalls(), new Next.Later(State.PUSHING, Duration.ZERO, false, null));
    }

    /** Whether its calls were made is not known, so an import is looked up, and pushes count as sent. */
    private Step bug(Claim claim) {
        var failure = Failure.of(ReasonCode.BUG, Phase.INTERNAL, null, null);
        if (claim instanceof Claim.Import c) {
            return Step.of(CallResult.unknown(c.attempt()), new Next.Resolve(failure));
        }
        var push = (Claim.Push) claim;
        var calls = push.calls().stream().map(intent -> CallResult.unknown(intent.attempt())).toList();
        return new Step(calls, push.targets(), retry.afterBug(State.PUSHING, push.lease().attempts(), failure));
    }

    /** The answer of a call is worth waiting for a database that is away, as long as the lease lasts. */
    private void save(Claim claim, Step step) {
        while (true) {
            try {
                if (store.save(claim.lease(), step)) {
                    StepLog.told(claim, step);
                }
                if (step.next() instanceof Next.Confirm) {
                    signal.wakeIn(lookWindow);
                } else if (step.next() instanceof Next.Later later) {
                    signal.wakeIn(later.pause());
                }
                return;
            } catch (JdbiException e) {
                boolean leaseOver = System.nanoTime() - claim.lease().leasedAt() > lease.minus(SAVE_PAUSE).toNanos();
                if (!DatabaseTrouble.passes(e) || leaseOver || !pause()) {
                    throw e;
                }
            }
        }
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(SAVE_PAUSE.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Steps that have not called yet give their leases back. */
    void drain() throws InterruptedException {
        draining = true;
        threads.shutdown();
        if (!threads.awaitTermination(callDeadline.plusSeconds(5).toSeconds(), TimeUnit.SECONDS)) {
            List<Runnable> left = threads.shutdownNow();
            LOG.warnf("steps were cut off at shutdown, their leases run out: waiting=%d", left.size());
        }
    }
}

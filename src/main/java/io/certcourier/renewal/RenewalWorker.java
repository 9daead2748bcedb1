package io.certcourier.renewal;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;

import io.certcourier.renewal.Claims.Due;
import io.certcourier.scm.AccountBreaker;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

/**
 * The loop: what is due is claimed and handed to the threads that advance it. A round looks at every account; nothing here
 * decides about a renewal.
 */
@ApplicationScoped
class RenewalWorker {

    private static final Logger LOG = Logger.getLogger(RenewalWorker.class);
    private static final Duration ENDINGS = Duration.ofSeconds(1);

    private final Claims claims;
    private final Looks looks;
    private final StepRunner runner;
    private final AccountBreaker breaker;
    private final WorkSignal signal;
    private final Duration poll;

    private volatile boolean begun; // accounts and budgets are set up
    private volatile boolean draining;
    private volatile long lastRound = System.nanoTime();
    private boolean databaseAway;
    private int rounds;
    private long endingsSought = System.nanoTime() - ENDINGS.toNanos();
    private Thread loop;

    RenewalWorker(Claims claims, Looks looks, StepRunner runner, AccountBreaker breaker, WorkSignal signal,
            RenewalConfig config) {
        this.claims = claims;
        this.looks = looks;
        this.runner = runner;
        this.breaker = breaker;
        this.signal = signal;
        this.poll = config.poll();
    }

    void start(@Observes StartupEvent event) {
        loop = new Thread(this::run, "renewal-worker");
        loop.start();
    }

    /** Claims nothing more, and waits for the steps in hand: each ends within a call deadline. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        draining = true;
        signal.wake();
        if (loop != null) {
            loop.join();
        }
        runner.drain();
    }

    boolean begun() {
        return begun;
    }

    boolean draining() {
        return draining;
    }

    /** Time since the loop last went round; minutes of silence mean that it hangs. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastRound);
    }

    private void run() {
        while (!draining) {
            boolean progress = safeRound();
            lastRound = System.nanoTime();
            if (!progress) {
                try {
                    signal.await(poll);
                } catch (InterruptedException e) {
                    draining = true;
                }
            }
        }
    }

    private boolean safeRound() {
        try {
            boolean progress = round();
            if (databaseAway) {
                databaseAway = false;
                LOG.info("the database answers again");
            }
            return progress;
        } catch (JdbiException e) {
            if (!databaseAway) {
                databaseAway = true;
                boolean passes = DatabaseTrouble.passes(e);
                LOG.logf(passes ? Logger.Level.WARN : Logger.Level.ERROR, "the database %s, renewals wait: %s",
                        passes ? "does not answer" : "refuses what the worker asks of it", DatabaseTrouble.sentence(e));
            }
            return false;
        } catch (RuntimeException e) {
            LOG.error("a round of the renewal worker failed", e);
            return false;
        }
    }

    private boolean round() {
        if (!begun) {
            breaker.configure();
            begun = true;
        }
        if (runner.free() == 0) {
            return false;
        }
        boolean progress = handOver(endings());
        var names = breaker.callable();
        rounds++;
        for (int i = 0; i < names.size() && !draining; i++) {
            String account = names.get((rounds + i) % names.size());
            for (var due : claims.due(account)) {
                progress |= advance(account, due);
            }
        }
        return progress;
    }

    /** Deadlines and dead owners are no matter of milliseconds: a look a second, and at once where there were some. */
    private List<Claim.Ending> endings() {
        long now = System.nanoTime();
        if (now - endingsSought < ENDINGS.toNanos()) {
            return List.of();
        }
        var found = claims.endings(runner.free());
        endingsSought = found.isEmpty() ? now : now - ENDINGS.toNanos();
        return found;
    }

    private boolean advance(String account, Due due) {
        int free = runner.free();
        if (free == 0) {
            return false;
        }
        return switch (due.lane()) {
            case ORPHAN -> claims.orphans(account, due.priority()) > 0;
            case HELD -> claims.releases(account, due.priority()) > 0;
            case BOTH, BATCH, PUSH -> handOver(claims.pushes(account, due.lane(), due.priority(), free));
            case LOOK -> looks.claim(account).map(runner::start).isPresent();
            case IMPORT -> handOver(claims.imports(account, due.priority(), free));
        };
    }

    private boolean handOver(Collection<? extends Claim> claimed) {
        claimed.forEach(runner::start);
        return !claimed.isEmpty();
    }
}

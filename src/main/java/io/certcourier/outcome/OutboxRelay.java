package io.certcourier.outcome;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;

import org.jboss.logging.Logger;

import io.certcourier.outcome.Outbox.Pending;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

/**
 * Sends what the outbox holds, in order per lane, and deletes what the broker has confirmed. One replica does it at a time; one
 * that has lost the duty without knowing can only repeat an event, never lose one.
 */
@ApplicationScoped
class OutboxRelay {

    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);

    /** Short, because it only spares the broker repeated copies: outcomes of a killed relay should not wait. */
    private static final Duration LEASE = Duration.ofSeconds(10);
    /** When the lease is renewed: a commit every round would be one for every few outcomes. */
    private static final Duration RENEWAL = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofSeconds(1);
    /** What takes longer stays in flight while the others go on. */
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration LAST_ROUND = Duration.ofSeconds(5);
    private static final Duration STOP = Duration.ofSeconds(15);
    /** As many as a channel has in flight; see max-inflight-messages. */
    private static final int ROUND_EVENTS = 64;

    private final Outbox outbox;
    private final OutcomeChannels channels;
    private final RelayPace pace = new RelayPace(System::nanoTime);
    private final Map<Pending, CompletableFuture<Void>> inFlight = new LinkedHashMap<>();
    private final String owner = UUID.randomUUID().toString();
    private final Semaphore work = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "outbox-relay");
    private volatile boolean stopping;
    private boolean onDuty;
    private long dutyTaken;
    private int failedRounds;

    OutboxRelay(Outbox outbox, OutcomeChannels channels) {
        this.outbox = outbox;
        this.channels = channels;
    }

    void start(@Observes StartupEvent event) {
        thread.setDaemon(true);
        thread.start();
    }

    /** After intake and workers, which store the last outcomes, and before the channels and the pool are closed. */
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        wake();
        thread.join(STOP.toMillis());
    }

    /** There may be something to send. */
    void wake() {
        work.release();
    }

    private void run() {
        try {
            while (!stopping) {
                if (!attempt(ROUND)) {
                    pause();
                }
            }
            attempt(LAST_ROUND);
            giveDutyBack();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One round that survives the loss of the database. True if the next one should follow at once. */
    private boolean attempt(Duration patience) throws InterruptedException {
        try {
            var more = round(patience);
            if (failedRounds > 0) {
                LOG.info("The outbox can be read again");
            }
            failedRounds = 0;
            return more;
        } catch (RuntimeException e) {
            if (failedRounds++ == 0) {
                LOG.warn("The outbox cannot be read or written; outcomes wait, the relay tries again", e);
            }
            return false;
        }
    }

    /**
     * Sends what is due and settles what has been answered. Waits only for what it sends itself: what earlier rounds left
     * unanswered holds up nobody. True if something was sent.
     */
    boolean round(Duration patience) throws InterruptedException {
        var sends = sendDue();
        await(sends, patience);
        settle();
        return !sends.isEmpty();
    }

    private List<CompletableFuture<Void>> sendDue() {
        takeDuty();
        if (!onDuty) {
            return List.of();
        }
        var pending = outbox.read(ROUND_EVENTS, pace.restingTopics(inFlight.keySet()), pace.restingLanes(inFlight.keySet()));
        return pace.choose(pending).stream().map(this::send).toList();
    }

    private CompletableFuture<Void> send(Pending one) {
        var span = SendSpan.begin(one.event());
        var answer = channels.send(one.event());
        answer.whenComplete((taken, failure) -> SendSpan.end(span, failure));
        inFlight.put(one, answer);
        return answer;
    }

    private void takeDuty() {
        long now = System.nanoTime(); // before the statement, so that the lease ends later than we think
        if (onDuty && now - dutyTaken < RENEWAL.toNanos()) {
            return;
        }
        dutyTaken = now;
        var taken = outbox.takeDuty(owner, LEASE);
        if (taken && !onDuty) {
            pace.forget();
        }
        onDuty = taken;
    }

    private static void await(List<CompletableFuture<Void>> sends, Duration patience) throws InterruptedException {
        try {
            CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new)).get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.trace("not every event was taken; settle() looks at each", e);
        }
    }

    /**
     * Events are deleted before they are forgotten here: if the database is lost in between, the deletion is repeated, not the
     * send.
     */
    private void settle() {
        var answered = inFlight.keySet().stream().filter(one -> inFlight.get(one).isDone()).toList();
        var taken = answered.stream().filter(one -> failure(one) == null).toList();
        if (!taken.isEmpty()) {
            outbox.sent(taken.stream().map(Pending::seq).toList());
        }
        for (var one : answered) {
            settle(one, failure(one));
            inFlight.remove(one);
        }
        inFlight.keySet().forEach(pace::slow);
    }

    private void settle(Pending one, Throwable failure) {
        if (failure == null) {
            if (pace.taken(one)) {
                LOG.info("Kafka takes outcomes again");
            }
        } else if (OutcomeChannels.isFinal(failure)) {
            outbox.park(one.seq(), failure.toString());
            pace.parked(one);
            LogKeys.of("outcome.parked").during(() -> LOG.errorf(
                    "Kafka will never take this event; it is parked until an operator decides: eventId=%s topic=%s error=%s",
                    one.event().id(), one.event().topic(), failure));
        } else if (pace.failed(one)) {
            LOG.warnf("Kafka does not take outcomes; they wait in the outbox, the relay tries again: topic=%s error=%s",
                    one.event().topic(), failure);
        }
    }

    /** Null if the broker has confirmed the event. */
    private Throwable failure(Pending answered) {
        try {
            inFlight.get(answered).join();
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    private void pause() throws InterruptedException {
        var pause = failedRounds == 0 ? POLL : RelayPace.ceiling(failedRounds);
        var jitter = ThreadLocalRandom.current().nextDouble(0.8, 1.2);
        if (work.tryAcquire((long) (pause.toNanos() * jitter), TimeUnit.NANOSECONDS)) {
            work.drainPermits();
        }
    }

    private void giveDutyBack() {
        try {
            outbox.giveDutyBack(owner);
        } catch (RuntimeException e) {
            LOG.warn("The relay's duty could not be given back; another replica takes it when the lease has run out", e);
        }
    }
}

package io.certcourier.outcome;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;

/** Writes outcome events and dead letters into the outbox, in the caller's transaction. */
@ApplicationScoped
public class Outcomes {

    private final OutcomeConfig config;
    private final OutcomeTopics topics;
    private final Outbox outbox;
    private final OutboxRelay relay;

    Outcomes(OutcomeConfig config, OutcomeTopics topics, Outbox outbox, OutboxRelay relay) {
        this.config = config;
        this.topics = topics;
        this.outbox = outbox;
        this.relay = relay;
    }

    /** Stores the event under its stable id ({@code <renewalId>.<round>} or the refusalId); a known id changes nothing. */
    public void record(Handle tx, Outcome outcome, Cause cause) {
        outbox.add(tx, OutboxEvent.of(outcome, cause, config.source(), topics));
        tx.afterCommit(relay::wake);
    }

    /** Stores the dead letter under {@code dlq-<outcomeId>}; a known id changes nothing. */
    public void record(Handle tx, DeadLetter letter) {
        outbox.add(tx, OutboxEvent.of(letter, topics));
    }

    /** One query over the whole outbox, which is short unless Kafka is away; for metrics, not for a request's path. */
    public OutboxStatus status() {
        return outbox.status();
    }
}

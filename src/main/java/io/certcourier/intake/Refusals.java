package io.certcourier.intake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.BiConsumer;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jdbi.v3.core.Handle;

import io.certcourier.outcome.Cause;
import io.certcourier.outcome.DeadLetter;
import io.certcourier.outcome.Outcome;
import io.certcourier.outcome.Outcomes;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.renewal.Acceptance;

/** Tells that a record was refused: refusal row, REJECTED outcome and dead letter, never the payload. */
@Singleton
class Refusals {

    private static final String REFUSE = """
            INSERT INTO refusal (id, channel, topic, partition_no, record_offset, payload_sha256, size_bytes, reason_code, detail,
                                 renewal, certificate_name, event_id, source)
            VALUES (:id, :channel, :topic, :partition, :offset, :sha256, :size, :reason, :detail,
                    CAST(:renewal AS uuid), :certificateName, :eventId, :source)
            ON CONFLICT (id) DO NOTHING RETURNING id""";

    private final OutcomeSink outcomes;
    private final BiConsumer<Handle, DeadLetter> letters;
    private final InstantSource clock;

    /** {@link Outcomes#record(Handle, Outcome, Cause)}. */
    interface OutcomeSink {
        void record(Handle tx, Outcome outcome, Cause cause);
    }

    @Inject
    Refusals(Outcomes outcomes, InstantSource clock) {
        this(outcomes::record, outcomes::record, clock);
    }

    Refusals(OutcomeSink outcomes, BiConsumer<Handle, DeadLetter> letters, InstantSource clock) {
        this.outcomes = outcomes;
        this.letters = letters;
        this.clock = clock;
    }

    /**
     * Stores everything that is told of an event that became no renewal. Where no record lies that is the row alone.
     *
     * @return false if it was told before: the record came again
     */
    boolean tell(Handle tx, Reading.Refusal refusal) {
        UUID id = refusal.id();
        if (!insert(tx, id, refusal)) {
            return false;
        }
        if (!refusal.trace().place().isRecord()) {
            return true; // its sender, or who found it, has the answer
        }
        var attributes = refusal.attributes();
        outcomes.record(tx, outcome(id, refusal),
                new Cause(attributes.id(), attributes.correlationId(), attributes.traceparent()));
        String key = refusal.certificateName() == null ? id.toString() : refusal.certificateName();
        letters.accept(tx, letter(refusal, id.toString(), key, refusal.code(), refusal.detail()));
        return true;
    }

    /** The dead letter of a record whose renewal was stored as REJECTED; the outcome is the renewal's own. */
    void tellRejected(Handle tx, Reading.Event event, Acceptance stored) {
        if (!event.trace().place().isRecord()) {
            return; // no record lies anywhere
        }
        var request = event.request();
        letters.accept(tx, letter(event, stored.renewalId() + "." + stored.round(), request.certificateName(),
                request.rejection().code(), request.rejection().detail()));
    }

    private static boolean insert(Handle tx, UUID id, Reading.Refusal refusal) {
        var trace = refusal.trace();
        return tx.createQuery(REFUSE)
                .bind("id", id)
                .bind("channel", trace.place().channel())
                .bind("topic", trace.place().topic())
                .bind("partition", trace.place().partition())
                .bind("offset", trace.place().offset())
                .bind("sha256", trace.sha256())
                .bind("size", trace.size())
                .bind("reason", refusal.code().name())
                .bind("detail", refusal.detail())
                .bind("renewal", refusal.renewal())
                .bind("certificateName", refusal.certificateName())
                .bind("eventId", refusal.attributes().id())
                .bind("source", refusal.attributes().source())
                .mapTo(UUID.class).findOne().isPresent();
    }

    private Outcome outcome(UUID id, Reading.Refusal refusal) {
        var trace = refusal.trace();
        var attributes = refusal.attributes();
        Instant eventTime = attributes.time() == null ? trace.recordTime() : attributes.time();
        Instant now = clock.instant();
        long duration = Math.max(0, Duration.between(trace.receivedAt(), now).toMillis());
        return new Outcome.DeliveryFailed(null, null, id, "REJECTED", "warning",
                Outcome.Failure.of(refusal.code(), ReasonCode.Phase.INTAKE, refusal.detail(), null),
                refusal.certificateName(), null, null, null, null,
                new Outcome.Timing(eventTime, trace.receivedAt(), null, now, duration, 0),
                new Outcome.Origin(trace.place().channel(), attributes.source(), attributes.id(), refusal.idempotencyKey(),
                        trace.place().topic(), trace.place().partition(), trace.place().offset()),
                null, null, null);
    }

    private static DeadLetter letter(Reading reading, String outcomeId, String key, ReasonCode reason, String detail) {
        var trace = reading.trace();
        var attributes = reading.attributes();
        return new DeadLetter(outcomeId, key, reason, detail, trace.place().topic(), trace.place().partition(),
                trace.place().offset(),
                trace.recordTime(), trace.size(), trace.tombstone() ? null : trace.sha256Hex(), attributes.id(),
                attributes.source(), attributes.type(), attributes.traceparent());
    }
}

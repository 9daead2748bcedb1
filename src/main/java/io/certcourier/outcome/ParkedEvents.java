package io.certcourier.outcome;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Outcomes and dead letters that Kafka refused for good, until a person has them sent again. */
@ApplicationScoped
public class ParkedEvents {

    private static final String LIST = """
            SELECT seq, event_id, topic, msg_key, octet_length(body) AS size, error, created_at, parked_at FROM outbox
             WHERE parked_at IS NOT NULL AND seq > :after ORDER BY seq LIMIT :limit""";

    private static final String RELEASE = """
            UPDATE outbox SET parked_at = NULL, error = NULL WHERE event_id = :id AND parked_at IS NOT NULL""";

    private final Jdbi jdbi;
    private final OutboxRelay relay;

    ParkedEvents(Jdbi jdbi, OutboxRelay relay) {
        this.jdbi = jdbi;
        this.relay = relay;
    }

    /**
     * @param seq grows; where the next page begins
     * @param eventId ce_id of an outcome, {@code dlq-<that>} of a dead letter
     * @param key the record's key
     * @param sizeBytes of the value; null for a dead letter, which has none
     * @param error what Kafka said
     */
    public record ParkedEvent(long seq, String eventId, String topic, String key, Integer sizeBytes, String error,
            Instant storedAt, Instant parkedAt) {
    }

    /** Oldest first; those after this number. */
    public List<ParkedEvent> list(long after, int limit) {
        return jdbi.withHandle(tx -> tx.createQuery(LIST).bind("after", after).bind("limit", limit)
                .map((row, context) -> new ParkedEvent(row.getLong("seq"), row.getString("event_id"), row.getString("topic"),
                        row.getString("msg_key"), row.getObject("size", Integer.class), row.getString("error"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getObject("parked_at", OffsetDateTime.class).toInstant()))
                .list());
    }

    /**
     * Lets the relay send the event again once the caller's transaction has committed.
     *
     * @return empty: there is none of this id, or it has been sent; false: it was not parked
     */
    public Optional<Boolean> release(Handle tx, String eventId) {
        if (tx.createUpdate(RELEASE).bind("id", eventId).execute() == 1) {
            tx.afterCommit(relay::wake);
            return Optional.of(true);
        }
        return tx.createQuery("SELECT false FROM outbox WHERE event_id = :id").bind("id", eventId).mapTo(Boolean.class)
                .findOne();
    }
}

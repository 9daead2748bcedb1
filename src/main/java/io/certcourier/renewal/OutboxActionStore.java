package io.certcourier.renewal;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Jdbi;

import io.certcourier.outcome.ParkedEvents;

/** What people may do with an outcome that Kafka refused; the deed and its audit are one transaction. */
@ApplicationScoped
public class OutboxActionStore {

    /** An outcome's id, or that of its dead letter: renewal and round. A refusal's has no round. */
    private static final Pattern OF_RENEWAL = Pattern.compile("(?:dlq-)?([0-9a-f-]{36})\\.\\d+");

    private final Jdbi jdbi;
    private final ParkedEvents events;

    OutboxActionStore(Jdbi jdbi, ParkedEvents events) {
        this.jdbi = jdbi;
        this.events = events;
    }

    /**
     * The relay sends the event again, with the same id and bytes.
     *
     * @return empty: there is none of this id, or it has been sent; false: it is not parked, and nothing was done
     */
    public Optional<Boolean> send(String eventId, String actor, String why) {
        return jdbi.inTransaction(tx -> {
            var released = events.release(tx, eventId);
            if (released.orElse(false)) {
                Audit.recordSend(tx, new OperatorAction(renewalOf(eventId), OptionalLong.empty(), actor, why), eventId);
            }
            return released;
        });
    }

    private static UUID renewalOf(String eventId) {
        var id = OF_RENEWAL.matcher(eventId);
        return id.matches() ? UUID.fromString(id.group(1)) : null;
    }
}

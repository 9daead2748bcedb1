package io.certcourier.renewal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Jdbi;

/** What operators did, newest first. */
@ApplicationScoped
public class AuditStore {

    /**
     * @param id grows; where the next page begins
     * @param action retry, hold, release, cancel, resolve, pause, resume or send
     * @param renewal null for an action on an account, or on the outcome of a refusal
     * @param eventId of the outcome that was sent again; null for every other action
     * @param before the state before, after the one right after; an owner who was asked to comply does so later
     */
    public record Entry(long id, Instant at, String actor, String action, UUID renewal, String account, String why,
            String before, String after, String eventId) {
    }

    private final Jdbi jdbi;

    AuditStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * @param before entries older than this one; Long.MAX_VALUE for the newest
     * @param renewal of this renewal only; null for all
     */
    public List<Entry> page(long before, UUID renewal, int limit) {
        return jdbi.withHandle(handle -> {
            var query = handle.createQuery(
                    """
                            SELECT id, at, actor, action, renewal, account, why, detail ->> 'before' AS before, detail ->> 'after' AS after, detail ->> 'eventId' AS event_id FROM audit
                             WHERE id < :before <ofRenewal> ORDER BY id DESC LIMIT :limit""")
                    .define("ofRenewal", renewal == null ? "" : "AND renewal = :renewal")
                    .bind("before", before).bind("limit", limit);
            if (renewal != null) {
                query.bind("renewal", renewal);
            }
            return query.map((rs, ctx) -> new Entry(rs.getLong("id"), rs.getObject("at", OffsetDateTime.class).toInstant(),
                    rs.getString("actor"), rs.getString("action"), rs.getObject("renewal", UUID.class),
                    rs.getString("account"), rs.getString("why"), rs.getString("before"), rs.getString("after"),
                    rs.getString("event_id"))).list();
        });
    }
}

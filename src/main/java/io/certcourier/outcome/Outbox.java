package io.certcourier.outcome;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The table outbox and the relay's duty. Events are added in the caller's transaction; the rest is one statement each. */
@ApplicationScoped
class Outbox {

    /** @param seq order of storing, which is the order of sending in one lane */
    record Pending(long seq, OutboxEvent event) {

        /** What must stay in order: the outcomes of one key. Dead letters stand beside them, lest one hold up an outcome. */
        String lane() {
            return event.body() == null ? "dlq " + event.key() : event.key();
        }
    }

    private static final String ADD = """
            INSERT INTO outbox (event_id, topic, msg_key, headers, body)
            VALUES (:id, :topic, :key, CAST(:headers AS jsonb), :body) ON CONFLICT (event_id) DO NOTHING""";

    private static final String TAKE_DUTY = """
            UPDATE duty SET owner = :owner, until = now() + make_interval(secs => :lease),
                   epoch = epoch + CASE WHEN owner IS DISTINCT FROM :owner THEN 1 ELSE 0 END
             WHERE name = 'relay' AND (owner = :owner OR owner IS NULL OR until <= now())""";

    private static final String GIVE_DUTY_BACK = """
            UPDATE duty SET owner = NULL, until = '-infinity' WHERE name = 'relay' AND owner = :owner""";

    // the lane is spelled as in Pending
    private static final String READ = """
            SELECT seq, event_id, topic, msg_key, headers, body FROM outbox
             WHERE parked_at IS NULL AND topic <> ALL (:topics)
               AND CASE WHEN body IS NULL THEN 'dlq ' || msg_key ELSE msg_key END <> ALL (:lanes)
             ORDER BY seq LIMIT :limit""";

    private static final String SENT = "DELETE FROM outbox WHERE seq = ANY (:seqs)";

    private static final String PARK = "UPDATE outbox SET parked_at = now(), error = :error WHERE seq = :seq";

    private static final String STATUS = """
            SELECT count(*) FILTER (WHERE parked_at IS NULL) AS pending,
                   coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE parked_at IS NULL)), 0) AS oldest,
                   count(*) FILTER (WHERE parked_at IS NOT NULL) AS parked FROM outbox""";

    private final Jdbi jdbi;

    Outbox(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A known id changes nothing. */
    void add(Handle tx, OutboxEvent event) {
        tx.createUpdate(ADD).bind("id", event.id()).bind("topic", event.topic()).bind("key", event.key())
                .bind("headers", OutcomeJson.write(event.headers())).bind("body", event.body()).execute();
    }

    /** Takes or renews the relay's lease by the database's clock; false while another owner's is running. */
    boolean takeDuty(String owner, Duration lease) {
        return jdbi.withHandle(h -> h.createUpdate(TAKE_DUTY).bind("owner", owner).bind("lease", lease.toSeconds())
                .execute() == 1);
    }

    void giveDutyBack(String owner) {
        jdbi.useHandle(h -> h.createUpdate(GIVE_DUTY_BACK).bind("owner", owner).execute());
    }

    /** The oldest events that are not parked and whose topic and lane do not rest, in the order they were stored. */
    List<Pending> read(int limit, Set<String> restingTopics, Set<String> restingLanes) {
        return jdbi.withHandle(h -> h.registerArrayType(String.class, "text").createQuery(READ)
                .bindArray("topics", String.class, restingTopics.toArray())
                .bindArray("lanes", String.class, restingLanes.toArray()).bind("limit", limit)
                .map((row, context) -> new Pending(row.getLong("seq"),
                        new OutboxEvent(row.getString("event_id"), row.getString("topic"), row.getString("msg_key"),
                                OutcomeJson.readTexts(row.getString("headers")), row.getString("body"))))
                .list());
    }

    /** Forgets what the broker has confirmed. */
    void sent(Collection<Long> seqs) {
        jdbi.useHandle(h -> h.registerArrayType(Long.class, "bigint").createUpdate(SENT)
                .bindArray("seqs", Long.class, seqs.toArray()).execute());
    }

    /** Sets an event aside that Kafka will never take, until an operator decides. */
    void park(long seq, String error) {
        jdbi.useHandle(h -> h.createUpdate(PARK).bind("seq", seq).bind("error", error).execute());
    }

    OutboxStatus status() {
        return jdbi.withHandle(h -> h.createQuery(STATUS).map((row, context) -> new OutboxStatus(row.getLong("pending"),
                row.getDouble("oldest"), row.getLong("parked"))).one());
    }
}

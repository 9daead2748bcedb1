package io.certcourier.renewal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jdbi.v3.core.Handle;

/**
 * One certificate name of one account, locked for the rest of the transaction: the order of its renewals is decided under this
 * lock only.
 */
final class Subject {

    /**
     * A renewal that a newcomer is compared with.
     *
     * @param leased a live owner may be calling SCM for it
     * @param notAfter end of its certificate
     */
    record Neighbour(UUID id, String leafSha256, Superseding.Order order, boolean leased, Instant notAfter) {
    }

    private final String key;
    private long generation;
    private Neighbour current;
    private Neighbour queued;
    private Neighbour delivered;
    private Instant quietUntil;

    private Subject(String key, long generation, OffsetDateTime quietUntil) {
        this.key = key;
        this.generation = generation;
        this.quietUntil = quietUntil == null ? null : quietUntil.toInstant();
    }

    static String key(String account, String certificateName) {
        return account + "|" + certificateName;
    }

    /** Locks the subjects of these requests in the order of their keys, and makes those that are new. */
    static Map<String, Subject> lock(Handle tx, Collection<RenewalRequest> requests) {
        var keys = new ArrayList<>(new TreeSet<>(requests.stream().map(Subject::key).toList()));
        tx.createUpdate("""
                INSERT INTO subject (subject_key, account, certificate_name)
                SELECT k, split_part(k, '|', 1), substr(k, strpos(k, '|') + 1) FROM unnest(:keys) AS t(k) ORDER BY k
                ON CONFLICT DO NOTHING""").bindArray("keys", String.class, keys).execute();
        return load(tx, keys);
    }

    static Subject lock(Handle tx, String key) {
        return load(tx, List.of(key)).get(key);
    }

    private static Map<String, Subject> load(Handle tx, List<String> keys) {
        record Row(Subject subject, UUID current, UUID queued, UUID delivered) {
        }
        var rows = tx.createQuery("""
                SELECT subject_key, generation, current_id, queued_id, delivered_id, quiet_until FROM subject
                 WHERE subject_key = ANY (:keys) ORDER BY subject_key FOR UPDATE""")
                .bindArray("keys", String.class, keys)
                .map((rs, ctx) -> new Row(new Subject(rs.getString(1), rs.getLong(2), rs.getObject(6, OffsetDateTime.class)),
                        rs.getObject(3, UUID.class),
                        rs.getObject(4, UUID.class), rs.getObject(5, UUID.class)))
                .list();
        var ids = rows.stream().flatMap(r -> Stream.of(r.current, r.queued, r.delivered)).filter(Objects::nonNull)
                .collect(Collectors.toSet());
        var neighbours = neighbours(tx, ids);
        var subjects = new LinkedHashMap<String, Subject>();
        for (var row : rows) {
            row.subject.current = neighbours.get(row.current);
            row.subject.queued = neighbours.get(row.queued);
            row.subject.delivered = neighbours.get(row.delivered);
            subjects.put(row.subject.key, row.subject);
        }
        return subjects;
    }

    /** Locked, since a worker may be writing them. */
    private static Map<UUID, Neighbour> neighbours(Handle tx, Set<UUID> ids) {
        var found = new LinkedHashMap<UUID, Neighbour>();
        if (!ids.isEmpty()) {
            tx.createQuery("""
                    SELECT id, encode(leaf_sha256, 'hex') AS leaf, sequence, not_before, not_after, event_time,
                           (lease_owner IS NOT NULL AND lease_until > now()) AS leased
                      FROM renewal WHERE id = ANY (:ids) ORDER BY id FOR UPDATE""")
                    .bindArray("ids", UUID.class, ids)
                    .map((rs, ctx) -> neighbour(rs))
                    .forEach(n -> found.put(n.id(), n));
        }
        return found;
    }

    /** A renewal of this subject, wherever it stands. */
    Neighbour read(Handle tx, UUID id) {
        return neighbours(tx, Set.of(id)).get(id);
    }

    private static Neighbour neighbour(ResultSet rs) throws SQLException {
        var order = new Superseding.Order(rs.getObject("sequence", Long.class), instant(rs, "not_before"),
                instant(rs, "not_after"),
                instant(rs, "event_time"));
        return new Neighbour(rs.getObject("id", UUID.class), rs.getString("leaf"), order, rs.getBoolean("leased"),
                order.notAfter());
    }

    private static Instant instant(ResultSet rs, String column) throws SQLException {
        return rs.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static String key(RenewalRequest request) {
        return key(request.account(), request.certificateName());
    }

    /** Writes back which renewals stand where. */
    void store(Handle tx) {
        store(tx, List.of(this));
    }

    static void store(Handle tx, Collection<Subject> subjects) {
        tx.createUpdate(
                """
                        UPDATE subject s SET current_id = n.current, queued_id = n.queued, delivered_id = n.delivered, quiet_until = n.quiet_until::timestamptz,
                               generation = n.generation
                          FROM unnest(:keys, :generations, :current, :queued, :delivered, :quiet)
                                 AS n(key, generation, current, queued, delivered, quiet_until)
                         WHERE s.subject_key = n.key""")
                .bindArray("keys", String.class, subjects.stream().map(Subject::key).toList())
                .bindArray("generations", Long.class, subjects.stream().map(subject -> subject.generation).toList())
                .bindArray("current", UUID.class, subjects.stream().map(subject -> id(subject.current)).toList())
                .bindArray("queued", UUID.class, subjects.stream().map(subject -> id(subject.queued)).toList())
                .bindArray("delivered", UUID.class, subjects.stream().map(subject -> id(subject.delivered)).toList())
                .bindArray("quiet", String.class,
                        subjects.stream().map(subject -> Objects.toString(subject.quietUntil, null)).toList())
                .execute();
    }

    private static UUID id(Neighbour neighbour) {
        return neighbour == null ? null : neighbour.id();
    }

    String key() {
        return key;
    }

    long nextGeneration() {
        return ++generation;
    }

    /** The open renewal that may call SCM; null if the subject is idle. */
    Neighbour current() {
        return current;
    }

    /** The open renewal that waits for the current one; null if none does. */
    Neighbour queued() {
        return queued;
    }

    /** The newest renewal that reached a target, or may have; null if none ever did. */
    Neighbour delivered() {
        return delivered;
    }

    /** Until when a call of this subject whose answer was lost may still act; null if there was none. */
    Instant quietUntil() {
        return quietUntil;
    }

    void quietUntil(Instant time) {
        if (quietUntil == null || time.isAfter(quietUntil)) {
            quietUntil = time;
        }
    }

    void current(Neighbour renewal) {
        current = renewal;
    }

    void queued(Neighbour renewal) {
        queued = renewal;
    }

    /** Remembers a renewal that reached a target, or may have, unless a newer one did already. */
    void reached(Neighbour renewal) {
        if (delivered == null || !Superseding.isNewer(delivered.order(), renewal.order())) {
            delivered = renewal;
        }
    }
}

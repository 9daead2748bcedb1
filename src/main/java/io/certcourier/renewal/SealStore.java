package io.certcourier.renewal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Jdbi;

import io.certcourier.renewal.KeySafe.Sealed;

/**
 * Statements on sealed keys. They lock rows of renewal_key, or of renewal with SKIP LOCKED, and never both: a claim reads a
 * sealed key without a lock, and so neither waits for the other. All of them may run on every replica at once.
 */
@ApplicationScoped
class SealStore {

    private static final int BATCH = 500;
    static final UUID BEFORE_ALL = new UUID(0, 0);

    private final Jdbi jdbi;
    private final KeySafe safe;

    SealStore(Jdbi jdbi, KeySafe safe) {
        this.jdbi = jdbi;
        this.safe = safe;
    }

    private record Row(UUID renewal, Sealed sealed) {
    }

    /**
     * Seals the next row anew that another key than the primary has sealed, in a transaction of its own.
     *
     * @param after the row before; {@link #BEFORE_ALL} to begin
     * @return that row; empty if there is no further one
     * @throws BrokenRow it does not open; the rows behind it still do
     */
    Optional<UUID> resealNext(UUID after) {
        Keyset keyset = safe.keyset();
        return jdbi.inTransaction(tx -> {
            var next = tx.createQuery("""
                    SELECT renewal, tink_key_id, ciphertext FROM renewal_key
                     WHERE tink_key_id <> :primary AND tink_key_id = ANY (:known) AND renewal > :after
                     ORDER BY renewal LIMIT 1 FOR UPDATE SKIP LOCKED""").bind("primary", keyset.primary())
                    .bindArray("known", Long.class, keyset.keyIds()).bind("after", after)
                    .map((rs, ctx) -> row(rs)).findOne();
            next.ifPresent(row -> {
                var anew = reseal(row);
                tx.createUpdate(
                        "UPDATE renewal_key SET tink_key_id = :keyId, ciphertext = :ciphertext WHERE renewal = :renewal")
                        .bind("keyId", anew.tinkKeyId()).bind("ciphertext", anew.ciphertext()).bind("renewal", row.renewal())
                        .execute();
            });
            return next.map(Row::renewal);
        });
    }

    private Sealed reseal(Row row) {
        try (var key = safe.open(row.renewal(), row.sealed())) {
            return safe.seal(row.renewal(), key);
        } catch (KeySafe.SealBroken e) {
            throw new BrokenRow(row.renewal());
        }
    }

    private static Row row(ResultSet rs) throws SQLException {
        return new Row(rs.getObject(1, UUID.class), new Sealed(rs.getLong(2), rs.getBytes(3)));
    }

    /** A row that no key opens although the keyset has the one that sealed it. */
    static final class BrokenRow extends RuntimeException {
        final transient UUID renewal;

        BrokenRow(UUID renewal) {
            super("the sealed key of renewal " + renewal + " cannot be sealed anew", null, false, false);
            this.renewal = renewal;
        }
    }

    /** Makes one batch of those due that were held for one of these keys. The worker takes them up. */
    int releaseHeld(Collection<Long> keyIds) {
        return jdbi.inTransaction(tx -> tx
                .createUpdate(
                        """
                                UPDATE renewal SET next_at = now(), updated_at = now()
                                 WHERE id IN (SELECT r.id FROM renewal_key k JOIN renewal r ON r.id = k.renewal
                                               WHERE k.tink_key_id = ANY (:known) AND r.ended_at IS NULL AND r.state = 'HELD' AND r.hold = 'KEYSET' AND r.next_at > now()
                                               LIMIT :batch FOR UPDATE OF r SKIP LOCKED)""")
                .bindArray("known", Long.class, keyIds)
                .bind("batch", BATCH).execute());
    }

    /** How many rows each key has sealed, by key id. */
    Map<Long, Long> sealedBy() {
        return jdbi.withHandle(handle -> {
            var rows = new HashMap<Long, Long>();
            handle.createQuery("SELECT tink_key_id, count(*) FROM renewal_key GROUP BY tink_key_id")
                    .map((rs, ctx) -> rows.put(rs.getLong(1), rs.getLong(2))).list();
            return rows;
        });
    }
}

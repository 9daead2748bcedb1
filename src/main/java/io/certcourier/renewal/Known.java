package io.certcourier.renewal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import org.jdbi.v3.core.Handle;

import io.certcourier.renewal.Acceptance.Verdict;

/**
 * A renewal that an event's identity already names.
 *
 * @param reachedAny a target has the certificate
 * @param reasonCode why it ended without success, waits or is held; null of any other
 * @param topic null unless it came by Kafka; with partition and offset the coordinates of the last record that was judged
 */
record Known(byte[] payloadHash, State state, String reasonCode, int round, boolean reachedAny, String topic, Integer partition,
        Long offset,
        Instant recordTime) {

    static Map<UUID, Known> load(Handle tx, Collection<UUID> ids) {
        var known = new HashMap<UUID, Known>();
        tx.createQuery(
                """
                        SELECT r.id, r.payload_hash, r.state, r.reason_code, r.round, r.topic, r.partition_no, r.record_offset, r.record_at,
                               EXISTS (SELECT 1 FROM renewal_target t WHERE t.renewal = r.id AND t.state IN ('PUSHED', 'PRESENT')) AS reached_any
                          FROM renewal r WHERE r.id = ANY (:ids)""")
                .bindArray("ids", UUID.class, ids)
                .map((rs, ctx) -> known.put(rs.getObject("id", UUID.class),
                        new Known(rs.getBytes("payload_hash"), State.valueOf(rs.getString("state")),
                                rs.getString("reason_code"), rs.getInt("round"),
                                rs.getBoolean("reached_any"), rs.getString("topic"),
                                rs.getObject("partition_no", Integer.class),
                                rs.getObject("record_offset", Long.class),
                                rs.getObject("record_at", OffsetDateTime.class).toInstant())))
                .list();
        return known;
    }

    static Known of(RenewalRequest request, int round, State state) {
        var origin = request.origin();
        String reason = request.rejection() == null ? null : request.rejection().code().name();
        return new Known(request.payloadHash(), state, reason, round, state == State.UNCHANGED, origin.topic(),
                origin.partition(),
                origin.offset(), origin.recordTime());
    }

    /** Ended without effect, and the event was sent again: a corrected setting or an outage that is over needs no new id. */
    boolean mayBeJudgedAfresh(RenewalRequest request) {
        if (request.origin().found()) {
            return state == State.REJECTED && !rejectedAlike(request);
        }
        boolean endedWithoutEffect = switch (state) {
            case REJECTED, FAILED, EXPIRED, CANCELLED -> !reachedAny;
            case READY, IMPORTING, RESOLVING, CONFIRMING, PUSHING, QUEUED, HELD, SUCCEEDED, UNCHANGED, PARTIAL, SUPERSEDED ->
                false;
        };
        return endedWithoutEffect && sentLaterThanThis(request);
    }

    /** It lies there as before; what may have changed is a setting. */
    private boolean rejectedAlike(RenewalRequest request) {
        return request.rejection() != null && request.rejection().code().name().equals(reasonCode);
    }

    /** A redelivered record, or one that was judged before an offset reset, is a duplicate whatever it says. */
    Verdict verdictOn(RenewalRequest request) {
        boolean same = Arrays.equals(payloadHash, request.payloadHash());
        return same || !sentLaterThanThis(request) ? Verdict.DUPLICATE : Verdict.CONFLICT;
    }

    private boolean sentLaterThanThis(RenewalRequest request) {
        var origin = request.origin();
        if (origin.topic() == null) {
            return true;
        }
        return origin.topic().equals(topic) && origin.partition().equals(partition) ? origin.offset() > offset
                : origin.recordTime().isAfter(recordTime);
    }
}
